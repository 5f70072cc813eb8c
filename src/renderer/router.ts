import { createRouter, createWebHashHistory, type Router } from 'vue-router';

/** Stage of the rail a route belongs to; routes without one belong to no project. */
declare module 'vue-router' {
  interface RouteMeta {
    readonly title: string;
    /** Name of the rail entry that is "here". */
    readonly rail: string;
    /** Needs an open project; without one the way leads home. */
    readonly project?: boolean;
  }
}

/**
 * One view a route, loaded when first opened. The address is a hash: it works from every host, also from Electron's own protocol,
 * and never reaches a server.
 */
export function createAppRouter(): Router {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'home', component: () => import('./views/HomeView.vue'), meta: { title: 'Projects', rail: 'home' } },
      {
        path: '/import',
        name: 'import',
        component: () => import('./views/ImportView.vue'),
        meta: { title: 'Import', rail: 'import' },
      },
      {
        path: '/normal',
        name: 'normal',
        component: () => import('./views/ExploreView.vue'),
        meta: { title: 'Explore and label', rail: 'normal', project: true },
      },
      {
        path: '/model',
        name: 'model',
        component: () => import('./views/ModelView.vue'),
        meta: { title: 'Model', rail: 'model', project: true },
      },
      {
        path: '/sweep/:jobId?',
        name: 'sweep',
        component: () => import('./views/SweepView.vue'),
        props: true,
        meta: { title: 'Sweep', rail: 'model', project: true },
      },
      {
        path: '/queue/:queueId?',
        name: 'queue',
        component: () => import('./views/QueueView.vue'),
        props: true,
        meta: { title: 'Compare detectors', rail: 'compare', project: true },
      },
      {
        path: '/train',
        name: 'train',
        component: () => import('./views/TrainView.vue'),
        meta: { title: 'Training', rail: 'train', project: true },
      },
      {
        path: '/calibrate',
        name: 'calibrate',
        component: () => import('./views/CalibrateView.vue'),
        meta: { title: 'Calibrate', rail: 'calibrate', project: true },
      },
      {
        path: '/review',
        name: 'review',
        component: () => import('./views/ResultsView.vue'),
        meta: { title: 'Review', rail: 'review', project: true },
      },
      {
        path: '/review/:eventId',
        name: 'event',
        component: () => import('./views/EventView.vue'),
        props: true,
        meta: { title: 'Event', rail: 'review', project: true },
      },
      {
        path: '/report',
        name: 'report',
        component: () => import('./views/ReportView.vue'),
        meta: { title: 'Report', rail: 'report', project: true },
      },
      {
        path: '/compare',
        name: 'compare',
        component: () => import('./views/CompareView.vue'),
        meta: { title: 'Compare', rail: 'compare', project: true },
      },
      { path: '/jobs', name: 'jobs', component: () => import('./views/JobsView.vue'), meta: { title: 'Jobs', rail: 'jobs' } },
      {
        path: '/settings',
        name: 'settings',
        component: () => import('./views/SettingsView.vue'),
        meta: { title: 'Settings', rail: 'settings' },
      },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  });
}
