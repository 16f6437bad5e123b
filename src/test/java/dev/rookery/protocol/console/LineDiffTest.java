package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LineDiffTest {
  @Test
  void showsWhatIsGoneAndWhatIsNewWithLinesAround() {
    assertThat(LineDiff.of("a\nb\nc\nd\ne\nf", "a\nb\nc\nd\nE\nf\ng"))
        .containsExactly("  b", "  c", "  d", "- e", "+ E", "  f", "+ g");
    assertThat(LineDiff.of("", "x")).containsExactly("+ x");
    assertThat(LineDiff.of("x\ny", "")).containsExactly("- x", "- y");
    assertThat(LineDiff.of("x\n", "x")).isEmpty();
  }
}
