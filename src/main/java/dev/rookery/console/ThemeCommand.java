package dev.rookery.console;

import dev.rookery.bus.Command;
import java.util.List;
import java.util.Map;

/**
 * The theme of the player pages, for operators. Each node reads the files of its own disk, so any
 * node that serves the command asks the others.
 */
public sealed interface ThemeCommand<R> extends Command<R> {
  String ADDRESS = "console.theme";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** What the theme of each node is, and what is wrong in its files. */
  record ShowTheme() implements ThemeCommand<NodeThemes> {}

  /**
   * Makes all nodes read their files again, whether or not these have changed. Answers when this
   * node has done so; {@link ThemeState#readMs} of the others says when they have.
   */
  record ReloadTheme() implements ThemeCommand<NodeThemes> {}

  /**
   * The themes of the nodes.
   *
   * @param nodes by the name of the node, in the order of their names
   * @param silent the nodes that did not answer
   */
  record NodeThemes(Map<String, ThemeState> nodes, List<String> silent) {
    public NodeThemes {
      silent = List.copyOf(silent);
    }
  }
}
