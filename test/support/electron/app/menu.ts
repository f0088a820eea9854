/** `Menu` and `MenuItem`: built from a template, chosen by the test, or by the keys that a page has left. */
import type * as Electron from 'electron';
import { appState } from './app-state.ts';
import { isPressed, parseAccelerator } from './accelerator.ts';
import { ModelledEmitter } from './modelled.ts';
import { ROLES, type Role } from './menu-roles.ts';

type Template = Electron.MenuItemConstructorOptions;
type ModelledItem = Pick<Electron.MenuItem, 'id' | 'label' | 'type' | 'enabled' | 'visible' | 'checked'>;

export class StandInMenuItem implements ModelledItem {
  readonly id: string;
  readonly type: NonNullable<Template['type']>;
  readonly role: string | null;
  readonly accelerator: string | null;
  /** False: shown beside the item, and left to the page. */
  readonly takesKeys: boolean;
  readonly submenu: StandInMenu | null;
  label: string;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  readonly #click: Template['click'];
  readonly #role: Role | null;

  constructor(template: Template) {
    const { label, type, submenu } = template;
    if (label === undefined && type === undefined && template.role === undefined && submenu === undefined) {
      throw new TypeError('Invalid template for MenuItem: must have at least one of label, role or type');
    }
    this.role = template.role?.toLowerCase() ?? null;
    this.#role = this.role === null ? null : (ROLES[this.role] ?? notModelled(this.role));
    const items = submenu ?? this.#role?.submenu;
    this.submenu = items === undefined ? null : toMenu(items);
    this.type = type ?? (this.submenu ? 'submenu' : 'normal');
    if (this.type === 'submenu' && !this.submenu) throw new Error('Invalid submenu');
    this.id = template.id ?? '';
    this.label = label ?? this.#role?.label ?? '';
    this.accelerator = template.accelerator ?? this.#role?.accelerator ?? null;
    // One that cannot be parsed is a mistake that Electron only logs.
    if (this.accelerator !== null) parseAccelerator(this.accelerator);
    this.takesKeys = template.registerAccelerator ?? true;
    this.enabled = template.enabled ?? true;
    this.visible = template.visible ?? true;
    this.checked = template.checked ?? false;
    this.#click = template.click;
  }

  /** As a person chooses it. */
  choose(window: Electron.BaseWindow | null, app: Pick<Electron.App, 'quit'>): void {
    if (!this.enabled) throw new Error(`"${this.label}" is not enabled`);
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.type === 'radio') this.checked = true;
    const event = { triggeredByAccelerator: false } as Electron.KeyboardEvent;
    // A role does its own, and then no click is called.
    if (this.#role)
      this.#role.run?.(appState.windows.find((each) => each === (window as unknown)) ?? null, app);
    else this.#click?.(this as unknown as Electron.MenuItem, window ?? undefined, event);
  }
}

export class StandInMenu extends ModelledEmitter {
  items: StandInMenuItem[] = [];
  static application: StandInMenu | null = null;

  constructor() {
    super('electron.Menu');
  }

  static buildFromTemplate(template: (Template | StandInMenuItem)[]): StandInMenu {
    const menu = new StandInMenu();
    for (const item of template)
      menu.append(item instanceof StandInMenuItem ? item : new StandInMenuItem(item));
    return menu;
  }

  static setApplicationMenu(menu: StandInMenu | null): void {
    StandInMenu.application = menu;
  }

  static getApplicationMenu(): StandInMenu | null {
    return StandInMenu.application;
  }

  append(item: StandInMenuItem): void {
    this.items.push(item);
  }

  getMenuItemById(id: string): StandInMenuItem | null {
    return this.all().find((item) => item.id === id) ?? null;
  }

  popup(): void {
    appState.openedOutside.push({
      kind: 'popup menu',
      what: this.items.map(({ label }) => label).join(', '),
    });
  }

  /** With those of submenus, depth first. */
  all(): StandInMenuItem[] {
    return this.items.flatMap((item) => [item, ...(item.submenu?.all() ?? [])]);
  }
}

/** The item whose accelerator these keys are. */
export function itemForKeys(
  menu: StandInMenu,
  pressed: Parameters<typeof isPressed>[1],
): StandInMenuItem | null {
  const fits = ({ accelerator, enabled, takesKeys }: StandInMenuItem) =>
    enabled && takesKeys && accelerator !== null && isPressed(parseAccelerator(accelerator), pressed);
  return menu.all().find(fits) ?? null;
}

function toMenu(items: NonNullable<Template['submenu']>): StandInMenu {
  if (items instanceof StandInMenu) return items;
  return StandInMenu.buildFromTemplate(items as Template[]);
}

function notModelled(role: string): never {
  throw new Error(`the menu role ${role} is not modelled by the stand-in`);
}
