// Writes Mantine's CSS variables into a file: at run time it would inject a <style>, which the policy forbids.
import { readFileSync, writeFileSync } from 'node:fs'
import { DEFAULT_THEME, convertCssVariables, createTheme, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core'

const root = new URL('..', import.meta.url)
const options = JSON.parse(readFileSync(new URL('src/ui/theme-options.json', root), 'utf8'))
const theme = mergeMantineTheme(DEFAULT_THEME, createTheme(options))
// Colours that no screen uses would be two thirds of the file.
const unused = /^--mantine-color-(pink|grape|violet|cyan|teal|lime|orange|blue)-/
const used = (variables) => Object.fromEntries(Object.entries(variables).filter(([name]) => !unused.test(name)))
const { variables, light, dark } = defaultCssVariablesResolver(theme)
const css = convertCssVariables({ variables: used(variables), light: used(light), dark: used(dark) }, ':root')
writeFileSync(new URL('src/ui/theme.css', root), `/* Written by scripts/theme-gen.mjs. */\n${css}\n`)
