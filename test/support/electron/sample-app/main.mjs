/** A small app that does what Electron documents to hurt, so that the stand-in itself can be tried. Says what happens, a line each. */
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  utilityProcess,
} from 'electron';

const say = (what) => process.stdout.write(`${what}\n`);
const attempt = (name, run) => {
  try {
    run();
    say(`${name}: done`);
  } catch (error) {
    say(`${name}: ${error.message}`);
  }
};

attempt('window too early', () => new BrowserWindow());
attempt('fork too early', () => utilityProcess.fork('x'));
attempt('unknown of app', () => app.dock);
attempt('unknown module', () => clipboard.readText());
attempt('unknown class', () => new clipboard());
attempt('bad role', () => Menu.buildFromTemplate([{ role: 'shareMenu' }]));
attempt('bad accelerator', () => Menu.buildFromTemplate([{ label: 'x', accelerator: 'Ctrl+Foo' }]));
attempt('bad item', () => Menu.buildFromTemplate([{}]));
attempt('unknown of dialog', () => dialog.showOpenDialogSync({}));

for (const name of [
  'will-finish-launching',
  'ready',
  'before-quit',
  'window-all-closed',
  'will-quit',
  'quit',
]) {
  app.on(name, () => say(name));
}
app.once('before-quit', (event) => {
  say('before-quit prevented');
  event.preventDefault();
});
let holds = 1;
app.on('will-quit', (event) => {
  if (holds-- > 0) {
    say('will-quit prevented');
    event.preventDefault();
    setTimeout(() => app.quit(), 10);
  }
});

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: 'sample', privileges: { standard: true, secure: false, supportFetchAPI: true } },
]);
say('evaluated');

app.whenReady().then(() => {
  attempt('sandbox too late', () => app.enableSandbox());
  attempt('schemes too late', () => protocol.registerSchemesAsPrivileged([]));
  protocol.handle('sample', (request) => {
    if (!request.url.endsWith('/page.html')) return new Response(null, { status: 404 });
    return new Response('<!doctype html><title>sample</title>', { headers: { 'content-type': 'text/html' } });
  });
  ipcMain.handle('echo', (_event, value) => value);
  ipcMain.handle('fail', () => {
    throw Object.assign(new TypeError('the message'), { code: 'LOST' });
  });
  attempt('second handler', () => ipcMain.handle('echo', () => 1));
  attempt(
    'unmodelled preference',
    () => new BrowserWindow({ webPreferences: { nodeIntegrationInWorker: true } }),
  );
  const window = new BrowserWindow({
    width: 900,
    height: 600,
    show: false,
    webPreferences: { preload: fileURLToPath(new URL('./preload.cjs', import.meta.url)) },
  });
  window.once('ready-to-show', () => window.show());
  let event = null;
  ipcMain.on('hello', (received) => (event = received));
  let closes = 1;
  window.on('close', (closing) => {
    say('close');
    if (closes-- > 0) closing.preventDefault();
  });
  window.webContents.on('destroyed', () => say('destroyed'));
  window.on('closed', () => {
    say('closed');
    attempt('after its end', () => window.show());
    attempt('contents after its end', () => window.webContents.send('x'));
    say(`frame after its end: ${event?.senderFrame}`);
  });
  window.webContents.on('did-finish-load', () => {
    attempt('a function sent', () => window.webContents.send('x', () => 1));
    window.webContents.send('news', { at: new Date(0), none: undefined, big: 12n });
    say(`loaded ${window.webContents.getURL()} ${nativeTheme.shouldUseDarkColors ? 'dark' : 'light'}`);
  });
  window.loadURL('sample://host/page.html').catch((error) => say(`load: ${error.message}`));
});
