// Every move of a control is one entry of the browser's history, so that Back undoes it.
//
// Streamlit's page replaces the entry when somebody moves a control, and adds one entry for every
// control that the server sets. Here the first becomes an entry of its own, but for the same control
// moved again at once; and entries that the server adds one right after the other become one.
//
// The bare address of the start page is no setting: what the server makes of it takes its place, or
// Back would lead to an address that leads forward again.
(() => {
  const AT_ONCE = 1000
  const { pushState, replaceState } = history
  let last = { by: null, at: 0 }

  const changed = (address) => {
    const before = new URLSearchParams(location.search)
    const after = new URL(address).searchParams
    const names = new Set([...before.keys(), ...after.keys()])
    return [...names].filter((name) => `${before.getAll(name)}` !== `${after.getAll(name)}`).join()
  }
  const write = (by, state, address) => {
    const isOne = last.by === by && performance.now() - last.at < AT_ONCE
    last = { by, at: performance.now() }
    return (isOne ? replaceState : pushState).call(history, state, "", address)
  }

  history.replaceState = function (state, title, address) {
    // Streamlit gives a whole address for a control that somebody moved, and a path otherwise.
    const isMove = typeof address === "string" && /^https?:/.test(address)
    return isMove ? write(changed(address), state, address) : replaceState.apply(history, arguments)
  }
  const isBareStart = () => {
    const base = new URL(window.__streamlit.BACKEND_BASE_URL).pathname.replace(/\/$/, "")
    return location.search === "" && location.pathname.replace(/\/$/, "") === base
  }
  history.pushState = function (state, title, address) {
    const isOtherPage = new URL(address, location.href).pathname !== location.pathname
    if (isOtherPage) last = { by: null, at: 0 }
    else if (isBareStart()) {
      last = { by: "the server", at: performance.now() }
      return replaceState.call(history, state, "", address)
    }
    return write("the server", state, address)
  }
  window.addEventListener("popstate", () => { last = { by: null, at: 0 } })
})()
