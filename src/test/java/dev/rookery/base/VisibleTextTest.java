package dev.rookery.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VisibleTextTest {
  private static final int MAX = 80;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ann",
        "ann o'connor 3",
        // A family joined by U+200D, a heart with a selector, a keycap, a skin tone.
        "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
        "\u2764\ufe0f",
        "1\ufe0f\u20e3",
        "\ud83d\udc4d\ud83c\udffd",
        // The flags of Japan and, written with tags, of Scotland.
        "\ud83c\uddef\ud83c\uddf5",
        "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc73\udb40\udc63\udb40\udc74\udb40\udc7f",
        // Persian with U+200C, Devanagari with U+200D, vowel signs and a virama.
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "\u0928\u092e\u0938\u094d\u0924\u0947",
        "e\u0301",
        "\u2067\u05d0\u05d1\u2069 x",
        "\u202babc\u202c",
        "\u2066\u202eabc\u2069",
        "abc\u200f",
        "\ue000"
      })
  void acceptsNamesOfAllScriptsAndEmojiAsTheyAre(String name) {
    assertThat(VisibleText.faultsOfLine(name)).isEmpty();
    assertThat(VisibleText.clean(name, MAX)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\u00a0\u3000",
        "\u200b",
        "\u200d\u200d",
        "\u0301",
        "\u0903",
        "\u3164",
        "\u115f\u1160",
        "\uffa0",
        "\u2800\u2800",
        "\ufeff",
        "\u00ad",
        "\u2060",
        "\ufe0f",
        "\u034f",
        "\u061c",
        "\u17b4",
        "\ufffc",
        "\udb40\udc67",
        "\ud834\udd59",
        "\n\t"
      })
  void aNameNeedsSomethingVisible(String name) {
    assertThat(VisibleText.faultsOfLine(name)).containsExactly("can't be blank");
    assertThat(VisibleText.clean(name, MAX)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u0007b",
        "a\tb",
        "a\rb",
        "a\nb",
        "a\u007fb",
        "a\u0085b",
        "a\u009bb",
        "a\u2028b"
      })
  void aNameHasNoControlCharacters(String name) {
    assertThat(VisibleText.faultsOfLine(name))
        .containsExactly("must not contain control characters");
    assertThat(VisibleText.clean(name, MAX)).isEqualTo("a b");
  }

  @Test
  void aMessageHasLineFeedsAndNoOtherControlCharacter() {
    assertThat(VisibleText.faultsOfLines("one\ntwo\n\nthree")).isEmpty();
    for (String text :
        new String[] {"a\tb", "a\rb", "a\u001bb", "a\u0085b", "a\u2028b", "a\u2029b"}) {
      assertThat(VisibleText.faultsOfLines(text))
          .containsExactly("must not contain control characters");
    }
    for (String end : new String[] {"\r\n", "\n", "\u2028", "\u2029"}) {
      assertThat(VisibleText.withLineFeeds("one" + end + "two")).isEqualTo("one\ntwo");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u202eabc",
        "abc\u202a",
        "abc\u202b",
        "\u202dabc",
        "abc\u2066",
        "\u2067abc",
        "\u2068abc",
        "\u202eabc\u2069",
        "\u2066abc\u202c",
        "abc\u202c",
        "abc\u2069",
        "\u202ea\u202eb\u202c",
        "\u202e\u2066a\u2069"
      })
  void bidirectionalFormattingMustBeClosed(String name) {
    assertThat(VisibleText.faultsOfLine(name))
        .containsExactly("must close its bidirectional formatting");
    assertThat(VisibleText.faultsOfLine(VisibleText.clean(name, MAX))).isEmpty();
  }

  @Test
  void bidirectionalFormattingEndsInItsLine() {
    assertThat(VisibleText.faultsOfLines("\u202eabc\nx\u202c"))
        .containsExactly("must close its bidirectional formatting");
    assertThat(VisibleText.faultsOfLines("\u202eabc\u202c\nx")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\uffffb", "a\ufffeb", "a\ufdd0b", "a\ufdefb", "a\udbff\udfffb"})
  void noncharactersAreRejected(String name) {
    assertThat(VisibleText.faultsOfLine(name)).containsExactly("must not contain noncharacters");
    assertThat(VisibleText.clean(name, MAX)).isEqualTo("ab");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000b", "a\ud800b", "a\udc00b"})
  void whatCannotBeStoredIsInvalid(String name) {
    assertThat(VisibleText.faultsOfLine(name)).containsExactly("is invalid");
    assertThat(VisibleText.faultsOfLine(VisibleText.clean(name, MAX))).isEmpty();
  }

  @Test
  void cleaningCutsBetweenCharactersAsPeopleSeeThem() {
    String family = "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67";

    assertThat(VisibleText.clean("ab" + family + "c", 6)).isEqualTo("ab");
    assertThat(VisibleText.clean("ab" + family + "c", 7)).isEqualTo("ab" + family);
    assertThat(VisibleText.clean("abe\u0301", 3)).isEqualTo("ab");
    assertThat(VisibleText.clean("a" + "\u0301".repeat(100), 10)).hasSize(10);
    assertThat(VisibleText.clean("\u202e" + "a".repeat(100) + "\u202c", 10))
        .isEqualTo("a".repeat(9));
  }
}
