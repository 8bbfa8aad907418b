/** The code of one function of WebAssembly, written statement by statement: variables, loops, conditions. */
import { type Code, sized, TYPES, type Type, unsigned } from './encoding.ts';
import { i32 } from './instructions.ts';

const [BLOCK, LOOP, IF, ELSE, END, BRANCH, BRANCH_IF, NOTHING] = [0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x40];
const [GET, SET, IS_ZERO] = [0x20, 0x21, 0x45];

/** Of parameters that are i32. Its result is the value that the last statement leaves, of the type `result`, or none. */
export class FunctionCode {
  readonly name: string;
  /** Variables too. */
  readonly parameters: readonly Code[];
  readonly result: Type | undefined;
  readonly #locals: Type[] = [];
  readonly #bytes: number[] = [];

  constructor(name: string, parameters: number, result?: Type) {
    this.name = name;
    this.parameters = Array.from({ length: parameters }, (_, index) => [GET, ...unsigned(index)]);
    this.result = result;
  }

  /** A variable: an expression that may be `set` again. */
  local(type: Type, value: Code): Code {
    const variable = [GET, ...unsigned(this.parameters.length + this.#locals.push(type) - 1)];
    this.set(variable, value);
    return variable;
  }

  set([, ...index]: Code, value: Code): void {
    this.do([...value, SET, ...index]);
  }

  do(code: Code): void {
    for (const byte of code) this.#bytes.push(byte);
  }

  /** Conditions are i32, false when 0. */
  while(condition: Code, body: () => void): void {
    this.do([BLOCK, NOTHING, LOOP, NOTHING, ...condition, IS_ZERO, BRANCH_IF, 1]);
    body();
    this.do([BRANCH, 0, END, END]);
  }

  /** Once, and again while the condition holds. */
  repeat(body: () => void, condition: Code): void {
    this.do([LOOP, NOTHING]);
    body();
    this.do([...condition, BRANCH_IF, 0, END]);
  }

  /** For `from`, `from` + `step` and so on as long as that is below `end`, all i32; once at least. */
  each(from: Code, end: Code, step: Code, body: (at: Code) => void): void {
    const at = this.local('i32', from);
    this.repeat(
      () => {
        body(at);
        this.set(at, i32.add(at, step));
      },
      i32.below(at, end),
    );
  }

  if(condition: Code, yes: () => void, no?: () => void): void {
    this.do([...condition, IF, NOTHING]);
    yes();
    if (no) {
      this.do([ELSE]);
      no();
    }
    this.do([END]);
  }

  /** As it stands in a module's section of code. */
  get body(): Code {
    const locals = this.#locals.flatMap((type) => [1, TYPES[type]]);
    return sized([...unsigned(this.#locals.length), ...locals, ...this.#bytes, END]);
  }
}
