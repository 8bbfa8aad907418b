/** The 18 classes of supply-demand risk: their numbers, names and colours. */

/** What a cell is in the last year. */
export const STATES = ['deficit', 'balance', 'surplus'] as const;
export type State = (typeof STATES)[number];

/** Source 001, Table 1, as risk.md reads it: by state; SDTI below 0 or not; supply falling against demand, both alike, supply growing against demand. */
export const CLASSES: Readonly<Record<State, readonly [readonly number[], readonly number[]]>> = {
  deficit: [
    [-6, -5, -4],
    [-3, -2, -1],
  ],
  balance: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  surplus: [
    [7, 8, 9],
    [10, 11, 12],
  ],
};

/** High, medium and low risk, as the source groups the states. */
export const RISK_LEVELS: Readonly<Record<State, string>> = {
  deficit: 'high risk',
  balance: 'medium risk',
  surplus: 'low risk',
};

const HALVES: Readonly<Record<State, readonly [string, string]>> = {
  deficit: ['deficit deepening', 'deficit easing'],
  balance: ['balance, trend to deficit', 'balance, trend to surplus'],
  surplus: ['surplus shrinking', 'surplus growing'],
};

const TRENDS = ['supply falls, demand does not', 'supply and demand move alike', 'demand falls, supply does not'];

/** Dark to light within a state: red, yellow, green. */
const RAMPS: Readonly<Record<State, readonly (readonly [number, number, number])[]>> = {
  deficit: [
    [103, 0, 13],
    [146, 12, 19],
    [178, 24, 28],
    [203, 45, 38],
    [225, 84, 62],
    [241, 128, 96],
  ],
  balance: [
    [204, 138, 20],
    [221, 160, 40],
    [236, 182, 62],
    [246, 203, 88],
    [251, 221, 120],
    [254, 237, 160],
  ],
  surplus: [
    [190, 223, 163],
    [150, 205, 135],
    [110, 184, 110],
    [70, 158, 85],
    [30, 129, 62],
    [0, 96, 45],
  ],
};

const LISTED = STATES.flatMap((state) =>
  CLASSES[state].flatMap((half, h) =>
    half.map((number, column) => ({
      number,
      state,
      name: `${number}: ${RISK_LEVELS[state]}, ${HALVES[state][h]}; ${TRENDS[column]}`,
      colour: RAMPS[state][3 * h + column],
    })),
  ),
);

export const RISK_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  LISTED.map(({ number, name }) => [number, name]),
);
export const RISK_COLOURS: Readonly<Record<number, readonly [number, number, number]>> = Object.fromEntries(
  LISTED.map(({ number, colour }) => [number, colour]),
);
export const STATE_OF: ReadonlyMap<number, State> = new Map(LISTED.map(({ number, state }) => [number, state]));
