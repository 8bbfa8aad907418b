/** The form for the user's own files: drop or choose them, say which is which, set the parameters. */
import { drawing } from '../../../src/index.ts';
import { describeFile, guessFiles, type OwnFile } from './files.ts';
import { OWN_PROCESSES } from './processes.ts';
import type { OwnSettings } from './run.ts';

const { html } = drawing;

const NONE = '';

export interface OwnForm {
  /** The files that were given, by name. */
  blobs(): ReadonlyMap<string, Blob>;
  settings(): OwnSettings;
}

/** @param changed called with the files when some came or went */
export function ownForm(form: HTMLFormElement, changed: (files: readonly OwnFile[]) => void): OwnForm {
  const files = new Map<string, OwnFile>();
  const input = form.querySelector<HTMLInputElement>('#own-files')!;
  const [list, models, slots, params] = ['list', 'model', 'slots', 'params'].map(
    (name) => form.querySelector<HTMLElement>(`#own-${name}`)!,
  );
  models.insertAdjacentHTML(
    'beforeend',
    html`${OWN_PROCESSES.map(({ id, title }, i) => html`<label><input type="radio" name="own-model" value="${id}"${i === 0 && html` checked`}><span>${title}</span></label>`)}`
      .markup,
  );
  const chosen = () => OWN_PROCESSES.find(({ id }) => id === new FormData(form).get('own-model'))!;

  async function add(given: Iterable<File>): Promise<void> {
    for (const file of given) files.set(file.name, await describeFile(file.name, file));
    showFiles();
    showSlots();
    changed([...files.values()]);
  }

  function showFiles(): void {
    list.innerHTML = html`${[...files.values()].map(
      ({ name, kind, about }) =>
        html`<li data-kind="${kind}"><b>${name}</b><small${kind === 'unreadable' && html` class="bad"`}>${about}</small><button type="button" class="link" data-name="${name}" aria-label="Remove ${name}">Remove</button></li>`,
    )}`.markup;
  }

  function showSlots(): void {
    const guessed = guessFiles(chosen().slots, [...files.values()]);
    slots.innerHTML = html`${chosen().slots.map(({ name, about, optional, kind }) => {
      const fitting = [...files.values()].filter((file) => file.kind === kind);
      const choice = (value: string, words: string) =>
        html`<option value="${value}"${(guessed.get(name) ?? NONE) === value && html` selected`}>${words}</option>`;
      return html`<div class="field"><label for="own-${name}">${name}<small>${about}</small></label><select id="own-${name}" name="${name}"${!optional && html` required`}>${choice(NONE, optional ? 'none' : `choose a ${kind}`)}${fitting.map((file) => choice(file.name, file.name))}</select></div>`;
    })}`.markup;
  }

  function showParams(): void {
    params.innerHTML = html`${Object.entries(chosen().params).map(([name, spec]) => {
      const { about, unit, range, choices, default: fallback, optional } = spec;
      const words = [about, unit === '1' ? '' : unit, range ? `${range[0]} to ${range[1]}` : '']
        .filter(Boolean)
        .join('; ');
      const label = html`<label for="own-${name}">${name}<small>${words}</small></label>`;
      if (choices)
        return html`<div class="field">${label}<select id="own-${name}" name="${name}">${choices.map((choice, i) => html`<option${i === (fallback ?? 0) && html` selected`}>${choice}</option>`)}</select></div>`;
      const limits = range && html` min="${range[0]}" max="${range[1]}"`;
      return html`<div class="field">${label}<input id="own-${name}" name="${name}" type="number" step="${spec.integer ? '1' : 'any'}"${limits}${!optional && html` required`} value="${fallback}" placeholder="${optional && 'not used'}"></div>`;
    })}`.markup;
  }

  input.addEventListener('change', () => {
    void add([...input.files!]);
    input.value = ''; // the same file may be chosen again after it was changed
  });
  models.addEventListener('change', () => {
    showSlots();
    showParams();
  });
  list.addEventListener('click', ({ target }) => {
    const { name } = (target as HTMLElement).dataset;
    if (name === undefined || !files.delete(name)) return;
    showFiles();
    showSlots();
    changed([...files.values()]);
  });
  acceptDrops(add);
  showSlots();
  showParams();

  return {
    blobs: () => new Map([...files].map(([name, { blob }]) => [name, blob])),
    settings() {
      const values = new FormData(form);
      const entries = (names: readonly string[]) =>
        names.map((name) => [name, String(values.get(name) ?? '')] as const).filter(([, value]) => value !== '');
      return {
        process: chosen(),
        files: Object.fromEntries(entries(chosen().slots.map(({ name }) => name))),
        params: Object.fromEntries(entries(Object.keys(chosen().params))),
        device: values.get('own-device') === 'cpu' ? 'cpu' : 'auto',
      };
    },
  };
}

/** Files may be dropped anywhere on the page. */
function acceptDrops(add: (files: Iterable<File>) => Promise<void>): void {
  const root = document.documentElement;
  const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
  document.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    root.dataset.drag = 'files';
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) delete root.dataset.drag;
  });
  document.addEventListener('drop', (event) => {
    delete root.dataset.drag;
    if (!holdsFiles(event)) return;
    event.preventDefault();
    void add([...event.dataTransfer!.files]);
    document.getElementById('own-data')!.scrollIntoView();
  });
}
