/** In a row that goes on beyond the screen, what is chosen is brought into sight; the page itself stays where it is. */
export function showChosen(root: ParentNode) {
  for (const row of root.querySelectorAll<HTMLElement>('.desk-tabs, .host-tabs, .chips__list')) {
    const chosen = row.querySelector('[aria-current]');
    if (!chosen) continue;
    const seen = row.getBoundingClientRect();
    const tab = chosen.getBoundingClientRect();
    if (tab.left < seen.left || tab.right > seen.right) {
      row.scrollLeft += tab.left - seen.left - (seen.width - tab.width) / 2;
    }
  }
}
