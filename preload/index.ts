/** The only script that runs between the page and Electron: puts the contract's door on `window.fourtuple`. */
import { contextBridge, ipcRenderer } from 'electron';
import { createDoor } from './door.ts';

contextBridge.exposeInMainWorld('fourtuple', createDoor(ipcRenderer));
