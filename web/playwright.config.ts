import { defineConfig } from '@playwright/test'

const REAL = ['real.spec.ts', 'find.spec.ts']

export default defineConfig({
  testDir: 'e2e',
  workers: 2,
  // a machine of continuous integration may be several times slower than a desk's
  timeout: process.env.CI ? 180_000 : 60_000,
  expect: { timeout: process.env.CI ? 20_000 : 7_000 },
  reporter: 'line',
  // Each of the real ones starts a desk for its whole file: begun first, because the last one would run on alone. The others have
  // a desk for each test, so that any worker may do any of them.
  projects: [
    { name: 'real', testMatch: REAL },
    { name: 'mock', testIgnore: REAL, fullyParallel: true },
  ],
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    },
  },
})
