// Ctrl or ⌘ with Z takes the last move of a control back, with Shift (or Y) makes it again.
//
// In a field that is typed into, the same keys are the field's own undo.
(() => {
  const TYPED = ["text", "search", "number", "email", "url", "tel", "password", "date", "time"]
  const isTyped = (at) =>
    at?.isContentEditable || at?.tagName === "TEXTAREA" ||
    (at?.tagName === "INPUT" && TYPED.includes(at.type))

  window.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase()
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !["y", "z"].includes(key)) return
    if (isTyped(document.activeElement)) return
    const step = key === "y" || event.shiftKey ? "_redo" : "_undo"
    const button = document.querySelector(`.st-key-${step} button`)
    if (!button) return
    event.preventDefault()
    if (!button.disabled) button.click()
  })
})()
