/** Cells larger than a pixel of the screen keep their edges; smaller ones are blended, or single ones would vanish. */
export function keepEdges(place: HTMLElement): void {
  for (const canvas of place.querySelectorAll('canvas'))
    canvas.classList.toggle('fine', canvas.width > canvas.clientWidth * devicePixelRatio);
}
