import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The laptop's desk answers /api while `npm run dev` serves the pages.
const desk = process.env.OTKLIK_DESK ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react()],
  build: {
    manifest: true,
    assetsInlineLimit: 0, // a data: URL would need a wider policy
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { desk: 'index.html', portal: 'portal.html' } },
  },
  server: { proxy: { '/api': desk, '/dev': desk } },
  test: { include: ['tests/**/*.test.{ts,tsx}'] },
})
