package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "BadWord",
        "b\uFE0Fadword",
        "bad\u034Fword",
        "ba\u200Bdword",
        "b\u115Fadword",
        "\uFF42adword",
        "badwor\u3164d"
      })
  void comparesWhatIsRead(String word) {
    assertThat(Words.normalized(word)).isEqualTo("badword");
  }

  @Test
  void looksAtSomeOfManyMarks() {
    String marked = "a" + "\u0301\u0323".repeat(2_000) + "b";
    assertThat(Words.normalized(marked).length()).isLessThan(40);
    assertThat(Words.normalized("e\u0301")).isEqualTo("é");
  }
}
