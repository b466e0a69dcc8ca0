/** An element with its properties and what is in it. Texts are only ever set as texts. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export function button(text: string, keys: string, onclick: () => void): HTMLButtonElement {
  return make('button', { type: 'button', ariaKeyShortcuts: keys, title: `${text} (${keys})`, onclick }, text);
}

export function labelled(text: string, control: HTMLElement): HTMLLabelElement {
  return make('label', {}, make('span', {}, text), control);
}

/** A canvas that is as sharp as the screen. */
export class Surface {
  readonly canvas: HTMLCanvasElement;
  width = 0;
  height = 0;

  constructor(properties: Partial<HTMLCanvasElement>) {
    this.canvas = make('canvas', properties);
  }

  /** Clears it. Null where there is nothing to draw on yet. */
  begin(): CanvasRenderingContext2D | null {
    const ctx = this.canvas.getContext('2d');
    const ratio = window.devicePixelRatio;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    if (ctx === null || this.width === 0) return null;
    const [width, height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    // Setting a size clears the canvas, and takes long.
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, this.width, this.height);
    return ctx;
  }
}
