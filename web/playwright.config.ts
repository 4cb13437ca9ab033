import { defineConfig } from '@playwright/test'

// One worker leaves a laptop usable; CI has nothing else to do.
export default defineConfig({
  testDir: 'e2e',
  workers: process.env.CI ? 2 : 1,
  timeout: 60_000,
  expect: { timeout: 7_000 },
  reporter: 'line',
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    },
  },
})
