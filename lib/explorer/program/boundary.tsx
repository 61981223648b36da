/**
 * What stands where a part of the page cannot be drawn.
 *
 * @module
 */
/// <reference lib="dom" />
import { Component, type ComponentChildren } from "preact";

interface State {
  problem?: Error | undefined;
}

/** The rest of the page stands, and another choice is a link away. */
export class Boundary extends Component<{ children: ComponentChildren }, State> {
  override state: State = {};

  static override getDerivedStateFromError(problem: Error): State {
    return { problem };
  }

  override render() {
    const { problem } = this.state;
    if (problem === undefined) return this.props.children;
    return (
      <p role="alert">
        This choice cannot be shown: {problem.message}{" "}
        <a href="#" onClick={() => this.setState({ problem: undefined })}>Begin anew</a>
      </p>
    );
  }
}
