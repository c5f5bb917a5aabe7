import type { Locator, Page } from 'playwright-core';

/** VS Code's window as a person uses it. Locators are VS Code's own ids, roles and class names. */
export class Workbench {
  constructor(readonly page: Page) {}

  /** Resolves when the window is there and the editor's status bar is filled. */
  async ready(): Promise<void> {
    await this.page.locator('.part.statusbar .statusbar-item').first().waitFor({ timeout: 60_000 });
  }

  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+p');
    const input = this.quickInput();
    await input.fill(name);
    await this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: name })
      .first()
      .click();
    await this.page.getByRole('tab', { name }).waitFor();
  }

  /** Runs a command by its title in the command palette, e.g. `Beam Rewind: Show Log`. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput().fill(`>${title}`);
    // A click, since Enter may take an entry of the list as it was before the text was filtered.
    await this.page
      .locator('.quick-input-list .monaco-list-row', { hasText: title })
      .first()
      .click();
    // The command itself may ask something in the same place.
    await this.page.getByPlaceholder('Type the name of a command').waitFor({ state: 'hidden' });
  }

  private quickInput(): Locator {
    return this.page.locator('.quick-input-widget input[type=text]').first();
  }

  codeLens(title: string | RegExp): Locator {
    return this.page.locator('.codelens-decoration a', { hasText: title });
  }

  /** The status bar item of that id, `<publisher>.<name>.<id>`. */
  statusItem(id: string): Locator {
    return this.page.locator(`.statusbar-item[id="${id}"]`);
  }

  /** Rows of the Problems panel, which must be open. */
  problems(): Locator {
    return this.page.locator('.markers-panel .monaco-list-row');
  }

  async showProblems(): Promise<void> {
    await this.runCommand('Problems: Focus on Problems View');
    await this.page.locator('.markers-panel').waitFor();
  }

  /** The lines of the Output panel in sight. */
  outputLines(): Locator {
    return this.page.locator('.output-view .view-line, .pane-body .output-view-editor .view-line');
  }

  /** Selects the first place of a text in the active editor. */
  async selectInEditor(text: string): Promise<void> {
    await this.page.locator('.tab.active').click();
    await this.page.locator('.editor-instance .monaco-editor.focused').waitFor();
    await this.page.keyboard.press('Control+Home');
    await this.page.keyboard.press('Control+f');
    const find = this.page.locator('.find-widget.visible textarea').first();
    await find.fill(text);
    await this.page.keyboard.press('Enter');
    const selection = this.statusItem('status.editor.selection');
    await selection.filter({ hasText: `${text.length} selected` }).waitFor();
    await this.page.keyboard.press('Escape');
    await find.waitFor({ state: 'hidden' });
  }

  /** Shows the hover of the place of the cursor, as it is once the server has answered. */
  async showHover(): Promise<Locator> {
    await this.page.keyboard.press('Control+k');
    await this.page.keyboard.press('Control+i');
    return this.page.locator('.monaco-hover .monaco-hover-content').filter({ visible: true });
  }

  /** Opens the light bulb's menu at the cursor; its entries. */
  async showQuickFixes(): Promise<Locator> {
    await this.page.keyboard.press('Control+.');
    return this.page.locator('.action-widget .monaco-list-row.action');
  }

  /** Rows of the Outline view, which must be open. */
  outlineItems(): Locator {
    return this.page.locator('.outline-pane .monaco-list-row');
  }

  /** A word that the grammars take as a token of its own, in a line of the active editor. */
  tokenIn(line: string, token: string): Locator {
    return this.page
      .locator('.editor-instance .view-line', { hasText: line })
      .locator('span[class*=mtk]')
      .filter({ hasText: new RegExp(`^${token}$`) });
  }

  /** Takes back every edit of the active file since it was saved. */
  async undoAll(): Promise<void> {
    const dirty = this.page.locator('.tab.active.dirty');
    while (await dirty.isVisible()) await this.page.keyboard.press('Control+z');
  }

  /** Entries of the list that a command shows. */
  choices(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row');
  }

  /** Takes an entry of the list that a command shows. */
  async pick(label: string): Promise<void> {
    await this.choices().filter({ hasText: label }).click();
  }

  /** Answers the command that asks for a text with these words. */
  async answer(prompt: string, text: string): Promise<void> {
    await this.page.locator('.quick-input-widget', { hasText: prompt }).waitFor();
    await this.quickInput().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Saves in the folder that a command proposes, under another name than the proposed one. */
  async saveAs(name: string, proposed: string): Promise<void> {
    const isProposed = `value.endsWith(${JSON.stringify(proposed)})`;
    await this.page.waitForFunction(
      `[...document.querySelectorAll('.quick-input-widget input')].some(({ value }) => ${isProposed})`,
    );
    const input = this.quickInput();
    await input.fill((await input.inputValue()).replace(proposed, name));
    await this.page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' }).click();
  }
}
