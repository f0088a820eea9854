/** `powerMonitor`: the test says when the machine sleeps and wakes. */
import { ModelledEmitter } from './modelled.ts';

class StandInPowerMonitor extends ModelledEmitter {
  constructor() {
    super('electron.powerMonitor');
  }
}

export const powerMonitor = new StandInPowerMonitor();
