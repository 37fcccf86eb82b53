import { html, nothing } from 'lit';
import type { StepUnion } from '../../engine/values/values';
import '../../ui/step_scrubber';
import { CardsView } from './cards_view';
import { ViewSteps } from './view_steps';

/** A view of cards that show one step at a time: the scrubber is docked below them. */
export abstract class StepCardsView extends CardsView {
  private steps: ViewSteps | undefined;

  /** The steps that any of the shown series have; undefined before the view is in the page. */
  protected get union(): StepUnion | undefined {
    return this.steps?.union.value;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.steps ??= new ViewSteps(this.context, this.kind);
    this.steps.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.steps?.stop();
  }

  protected override docked() {
    const { union } = this;
    if (!union || union.steps.length === 0) return nothing;
    return html`<tp-step-scrubber .state=${this.context.state} .union=${union}></tp-step-scrubber>`;
  }
}
