// Runs before the first paint, so that a dark desk never flashes white. External, because the policy forbids inline scripts.
;(function () {
  var root = document.documentElement
  var read = function (key) {
    try {
      return localStorage.getItem(key)
    } catch (refused) {
      return null
    }
  }
  var theme = read('otklik-theme')
  var dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
  root.lang = read('otklik-language') || (/^ru/.test(navigator.language) ? 'ru' : 'en')
})()
