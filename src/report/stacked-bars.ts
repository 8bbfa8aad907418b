/** Shares as stacked bars of one length, one bar a row, shares written where they fit. Of elements rather than drawn, so that letters keep their size on narrow screens. */
import { hexOf, inkOn } from './colours.ts';
import { formatShare } from './format.ts';
import { type Content, html, type Markup } from './markup.ts';

export interface StackedBar {
  readonly name: string;
  /** Stands at the end of the bar. */
  readonly note?: Content;
  readonly pieces: readonly Piece[];
}

export interface Piece {
  readonly name: string;
  /** Red, green, blue, 0..255. */
  readonly colour: readonly number[];
  /** 0..1; nothing is drawn where it is 0 or unknown. */
  readonly share: number;
}

/** @param label what it shows, in words; the shares are added to it. */
export function stackedBars(bars: readonly StackedBar[], label: string): Markup {
  const noted = bars.some(({ note }) => note !== undefined);
  return html`<div class="bars${!noted && ' unnoted'}" role="img" aria-label="${label}. ${inWords(bars)}">${bars.map(
    ({ name, note, pieces }) =>
      html`<span class="bar-name">${name}</span>${noted && html`<span class="bar-note">${note}</span>`}<span class="bar">${known(pieces).map(pieceOf)}</span>
`,
  )}</div>`;
}

/** The shares, for those who do not see the bars. */
function inWords(bars: readonly StackedBar[]): string {
  return bars
    .map(({ name, pieces }) => {
      const words = known(pieces).map((piece) => `${piece.name} ${formatShare(piece.share)}`);
      return `${name}: ${words.join(', ') || 'nothing'}`;
    })
    .join('. ');
}

function pieceOf({ name, colour, share }: Piece): Markup {
  const text = formatShare(share);
  return html`<i style="width:${Number((100 * share).toFixed(3))}%;background:${hexOf(colour)};color:${inkOn(colour)}" title="${name}: ${text}">${text}</i>`;
}

function known(pieces: readonly Piece[]): Piece[] {
  return pieces.filter(({ share }) => share > 0);
}
