/** Every kind of control, as it is when it can be used and when it cannot. */
export function controlsPage(): HTMLElement[] {
  const kinds = [undefined, 'primary', 'danger', 'quiet']
  const buttons = kinds.map((kind) => row(button(kind, false), button(kind, true)))
  return [...buttons, row(field(false), field(true)), row(check(false), check(true))]
}

function button(kind: string | undefined, disabled: boolean): HTMLElement {
  const element = document.createElement('button')
  element.className = 'tm-button'
  if (kind !== undefined) element.dataset.kind = kind
  element.disabled = disabled
  element.textContent = `${kind ?? 'standard'}, ${state(disabled)}`
  return element
}

function field(disabled: boolean): HTMLElement {
  const input = document.createElement('input')
  Object.assign(input, { className: 'tm-field__input', value: 'Design review', disabled })
  return labelled('tm-field__label', `Field, ${state(disabled)}`, input)
}

function check(disabled: boolean): HTMLElement {
  const input = document.createElement('input')
  Object.assign(input, { type: 'checkbox', checked: true, disabled })
  return labelled('tm-check', `Check box, ${state(disabled)}`, input)
}

const state = (disabled: boolean): string => (disabled ? 'disabled' : 'enabled')

function labelled(className: string, text: string, control: HTMLElement): HTMLElement {
  const label = document.createElement('label')
  label.className = className
  label.append(text, control)
  return label
}

function row(...children: HTMLElement[]): HTMLElement {
  const element = document.createElement('p')
  element.className = 'tm-fields'
  element.append(...children)
  return element
}
