/** `Notification`: shown ones are kept for the test to see and to click. */
import type * as Electron from 'electron';
import { startOptions } from './display-line.ts';
import { ModelledEmitter } from './modelled.ts';

type Modelled = Pick<Electron.Notification, 'title' | 'body' | 'show' | 'close'>;

export class StandInNotification extends ModelledEmitter implements Modelled {
  /** By this app, oldest first. */
  static readonly shown: StandInNotification[] = [];
  title: string;
  body: string;

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super('electron.Notification');
    this.title = options.title ?? '';
    this.body = options.body ?? '';
  }

  static isSupported(): boolean {
    return startOptions.hasNotifications;
  }

  show(): void {
    if (!startOptions.hasNotifications) return;
    StandInNotification.shown.push(this);
    this.emit('show', {});
  }

  close(): void {
    const at = StandInNotification.shown.indexOf(this);
    if (at >= 0) StandInNotification.shown.splice(at, 1);
    this.emit('close', {});
  }
}
