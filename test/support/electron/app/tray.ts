/** `Tray` and `nativeImage`: what is in the tray is kept for the test to see and to click. */
import { readFileSync } from 'node:fs';
import type * as Electron from 'electron';
import { ModelledEmitter, modelled } from './modelled.ts';
import type { StandInMenu } from './menu.ts';

export class StandInTray extends ModelledEmitter {
  static readonly all: StandInTray[] = [];
  image: StandInImage;
  toolTip = '';
  menu: StandInMenu | null = null;
  #isDestroyed = false;

  constructor(image: StandInImage | string) {
    super('electron.Tray');
    this.image = typeof image === 'string' ? nativeImagePart.createFromPath(image) : image;
    if (this.image.isEmpty()) throw new Error('Failed to load image from path or it is empty');
    StandInTray.all.push(this);
  }

  setImage(image: StandInImage | string): void {
    this.#alive();
    this.image = typeof image === 'string' ? nativeImagePart.createFromPath(image) : image;
  }

  setToolTip(text: string): void {
    this.#alive();
    this.toolTip = text;
  }

  setContextMenu(menu: StandInMenu | null): void {
    this.#alive();
    this.menu = menu;
  }

  popUpContextMenu(): void {
    this.#alive();
  }

  setIgnoreDoubleClickEvents(_ignore: boolean): void {
    this.#alive();
  }

  destroy(): void {
    this.#isDestroyed = true;
    StandInTray.all.splice(StandInTray.all.indexOf(this), 1);
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  #alive(): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
  }
}

/** Of a PNG: where its width and height stand. */
const PNG_SIZE_AT = 16;
const PNG_MARK = '\x89PNG\r\n\x1a\n';

type ModelledImage = Pick<
  Electron.NativeImage,
  'isEmpty' | 'getSize' | 'toPNG' | 'setTemplateImage' | 'isTemplateImage' | 'addRepresentation'
>;

export interface StandInImage extends ModelledImage {
  /** Where it came from, for the test. */
  readonly source: string;
  resize(options: Electron.ResizeOptions): StandInImage;
}

function image(bytes: Buffer, source: string): StandInImage {
  let isTemplate = false;
  const isEmpty = () => bytes.subarray(0, PNG_MARK.length).toString('latin1') !== PNG_MARK;
  const size = () => ({
    width: bytes.readUInt32BE(PNG_SIZE_AT),
    height: bytes.readUInt32BE(PNG_SIZE_AT + 4),
  });
  const whole: StandInImage = modelled<StandInImage>('electron.NativeImage', {
    source,
    isEmpty,
    getSize: () => (isEmpty() ? { width: 0, height: 0 } : size()),
    toPNG: () => Buffer.from(bytes),
    setTemplateImage: (option: boolean) => void (isTemplate = option),
    isTemplateImage: () => isTemplate,
    // The same picture in other sizes is not looked at here.
    addRepresentation: () => {},
    resize: () => whole,
  } satisfies StandInImage);
  return whole;
}

export const nativeImagePart = {
  createEmpty: () => image(Buffer.alloc(0), 'empty'),
  createFromBuffer: (bytes: Buffer) => image(bytes, 'buffer'),
  createFromPath: (path: string) => image(readOrNothing(path), path),
  createFromDataURL: (url: string) => image(Buffer.from(url.split(',')[1] ?? '', 'base64'), 'data'),
};

/** As Electron: a picture that is not there is an empty one. */
function readOrNothing(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
