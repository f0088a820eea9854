/** Puts what crosses contextBridge oddly on the sample's page. */
/* eslint-disable @typescript-eslint/no-require-imports -- a sandboxed preload is CommonJS */
const { contextBridge, ipcRenderer } = require('electron');

class Point {
  x = 1;
  length() {
    return 1;
  }
}
const attempt = (run) => {
  try {
    return run();
  } catch (error) {
    return error.message;
  }
};

ipcRenderer.send('hello');
contextBridge.exposeInMainWorld('sample', {
  nested: { list: [1, { deep: true }] },
  point: new Point(),
  date: new Date(0),
  fail: () => {
    throw Object.assign(new RangeError('only this'), { code: 'LOST' });
  },
  reject: () => Promise.reject(Object.assign(new Error('of a promise'), { code: 'LOST' })),
  resolve: async (value) => ({ got: value }),
  callBack: (callback) => callback({ from: 'preload' }),
  twice: (make) => make()(2),
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  invokeFunction: () => ipcRenderer.invoke('echo', () => 1),
  onNews: (listener) => ipcRenderer.on('news', (_event, news) => listener(news)),
  modules: {
    fs: attempt(() => require('fs')),
    childProcess: attempt(() => require('node:child_process')),
    sendSync: attempt(() => ipcRenderer.sendSync('x')),
    remote: attempt(() => require('electron').remote),
    again: attempt(() => contextBridge.exposeInMainWorld('document', {})),
  },
});
