/** What the bins of hot spots are called, and their colours: blue cold, red hot, the darker the surer. */

export const LEVEL_NAMES = {
  [-3]: 'cold spot, 99 %',
  [-2]: 'cold spot, 95 %',
  [-1]: 'cold spot, 90 %',
  0: 'not significant',
  1: 'hot spot, 90 %',
  2: 'hot spot, 95 %',
  3: 'hot spot, 99 %',
} as const;

export const LEVEL_COLOURS = {
  [-3]: [37, 88, 160],
  [-2]: [103, 155, 208],
  [-1]: [184, 210, 235],
  0: [238, 238, 232],
  1: [250, 205, 184],
  2: [233, 132, 100],
  3: [189, 41, 38],
} as const;
