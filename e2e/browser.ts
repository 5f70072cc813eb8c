import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

/** Chromium of this computer: named, installed by the system, or Playwright's own. Empty when there is none. */
export function findBrowser(): string {
  const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge'];
  const mac = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  const windows = [
    'C:/Program Files/Google/Chrome/Application/chrome.exe',
    'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
  ];
  const candidates = [process.env['FAULTLINE_CHROMIUM'] ?? '', chromium.executablePath(), ...system, ...mac, ...windows];
  return candidates.find((path) => path !== '' && existsSync(path)) ?? '';
}

/** Quiet start: nothing is asked of the network, and no profile of the user's is touched. */
export const browserArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
