package dev.rookery.protocol.console;

import java.util.List;
import java.util.Map;

/**
 * A page with figures and charts that are live, for the template {@code operations}.
 *
 * @param live the name and the parameters of its live region; empty for none
 * @param ranges how far back the charts can reach
 * @param tabs further pages beside this one, such as one for each node
 * @param links further things to do
 * @param said what is missing on the page, such as nodes that did not answer
 * @param attention what is not as it should be
 * @param setup what a new server is to be set up with
 */
record OperationsView(
    String live,
    List<RecordPage.Tab> ranges,
    List<RecordPage.Tab> tabs,
    List<Link> links,
    String said,
    List<Card> cards,
    Attention attention,
    Setup setup,
    List<Chart> charts,
    List<NodeBox> nodes,
    String nodesVersion,
    List<RecordPage.Section> sections) {
  /**
   * A figure with a small line of the last hour.
   *
   * @param key under which its value is live
   * @param spark the attribute {@code d} of the line; empty for none
   * @param href a page with more about it; empty for none
   */
  record Card(String key, String label, String value, String spark, String href) {}

  /** What is not as it should be. */
  record Attention(boolean shown, String version, List<Notice> notices) {
    static final Attention NONE = new Attention(false, "", List.of());
  }

  /**
   * A sentence that something is not as it should be.
   *
   * @param tone {@code warn} or {@code bad}
   * @param advice what to do
   * @param href a page about it; empty for none
   * @param link the text of the link to it
   */
  record Notice(String tone, String text, String advice, String href, String link) {}

  /** What a new server is to be set up with; shown until all of it is done. */
  record Setup(List<Step> steps) {
    static final Setup NONE = new Setup(List.of());
  }

  /**
   * A step of the setup.
   *
   * @param advice how to do it
   * @param href where to do it, or what explains it
   * @param link the text of the link
   */
  record Step(boolean done, String text, String advice, String href, String link) {}

  /**
   * A node as a box.
   *
   * @param tone of its state: {@code good}, {@code warn}, {@code bad} or empty
   * @param facts its figures, live under {@code key}
   */
  record NodeBox(
      String name, boolean here, String state, String tone, String detail, List<Figure> facts) {}

  /** A live figure of a node. */
  record Figure(String key, String label, String value) {}

  ConsoleView.Render render(String title) {
    return ConsoleView.page("operations", title, Map.of("page", this));
  }
}
