import '@fontsource-variable/inter/opsz.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/layers.css';
import './styles/reset.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/utilities.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { connect } from './link/connect.ts';
import { linkKey } from './stores/link-key.ts';
import { useTheme } from './stores/theme.ts';

const app = createApp(App);
const pinia = createPinia();
app.provide(linkKey, connect());
app.use(pinia);
// Before the first paint, so that a light system never flashes dark.
useTheme(pinia);
app.mount('#app');
