/** Plus and minus beside a number input; without script the input stands alone. */
export function startSteppers(root: ParentNode) {
  for (const stepper of root.querySelectorAll<HTMLElement>('[data-stepper]')) start(stepper);
}

function start(stepper: HTMLElement) {
  const input = stepper.querySelector('input');
  const buttons = [...stepper.querySelectorAll<HTMLButtonElement>('[data-step]')];
  if (!input || stepper.dataset['ready'] !== undefined) return;
  stepper.dataset['ready'] = '';

  const refresh = () => {
    for (const button of buttons) {
      const next = input.valueAsNumber + Number(button.dataset['step']);
      button.disabled = next < Number(input.min || 1) || (input.max !== '' && next > Number(input.max));
    }
  };
  for (const button of buttons) {
    button.addEventListener('click', () => {
      if (Number(button.dataset['step']) > 0) input.stepUp();
      else input.stepDown();
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }
  input.addEventListener('input', refresh);
  refresh();
}
