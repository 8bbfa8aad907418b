/** A slider over a list of values, each said in words: beside it, and to those who hear the page. */

export interface Slider<Value> {
  /** Another list; the slider goes to `start`, or to the last value where that is not in it. */
  offer(values: readonly Value[], start: Value): void;
  /** Undefined where nothing is offered. */
  value(): Value | undefined;
}

export function slider<Value>(input: HTMLInputElement, words: (value: Value) => string): Slider<Value> {
  const [output] = input.labels![0].parentElement!.getElementsByTagName('output');
  let offered: readonly Value[] = [];
  const say = () => {
    const text = offered.length > 0 ? words(offered[input.valueAsNumber]) : '';
    output.textContent = text;
    input.setAttribute('aria-valuetext', text);
  };
  // Before whoever listens to the form hears of it.
  input.addEventListener('input', say);
  return {
    offer(values, start) {
      offered = values;
      input.max = String(Math.max(0, values.length - 1));
      const at = values.indexOf(start);
      input.valueAsNumber = at < 0 ? Math.max(0, values.length - 1) : at;
      input.disabled = values.length < 2;
      say();
    },
    value: () => offered[input.valueAsNumber],
  };
}
