/** What the test says about the machine that the app is started on; in the environment of its process, as JSON. */
export interface DisplayPlan {
  x: number;
  y: number;
  width: number;
  height: number;
  scaleFactor?: number;
}

export interface StartOptions {
  /** The folder with package.json, as `electron <folder>` gets it. */
  appFolder: string;
  argv: readonly string[];
  chromeVersion: string;
  electronVersion: string;
  isPackaged: boolean;
  /** What the system prefers. */
  systemTheme: 'light' | 'dark';
  displays: readonly DisplayPlan[];
  /** Whether the system shows notifications. */
  hasNotifications: boolean;
}

export const START_VARIABLE = 'FOURTUPLE_STAND_IN';
