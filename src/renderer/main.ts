import '@fontsource-variable/inter';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { createAppRouter } from './router';
import { connect } from './host/session';
import './tokens.css';
import './theme.css';

// The one-time token of the address is exchanged before anything else asks the host, and leaves the address with it.
await connect();
createApp(App).use(createPinia()).use(createAppRouter()).mount('#app');
