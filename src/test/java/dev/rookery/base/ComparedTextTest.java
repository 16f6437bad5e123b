package dev.rookery.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ComparedTextTest {
  @Test
  void anEmailAddressIsNormalizedAndInLowerCase() {
    assertThat(ComparedText.email(" JOSE\u0301@Example.com ")).isEqualTo("jos\u00e9@example.com");
    assertThat(ComparedText.email("jos\u00e9@example.com")).isEqualTo("jos\u00e9@example.com");
    assertThat(ComparedText.email("\u00c5@x.com")).isEqualTo(ComparedText.email("A\u030a@x.com"));
    assertThat(ComparedText.email("\u212b@x.com")).isEqualTo("\u00e5@x.com");
  }

  @Test
  void aPasswordIsNormalizedAndKeepsItsCase() {
    assertThat(ComparedText.password("Pa\u0308sswort")).isEqualTo("P\u00e4sswort");
    assertThat(ComparedText.password("one\u00a0two\u3000three")).isEqualTo("one two three");
    assertThat(ComparedText.password(" \uff21 \u2163 ")).isEqualTo(" \uff21 \u2163 ");
  }

  @Test
  void aVeryLongTextIsNotNormalized() {
    String marks = "a" + "\u0301\u0323".repeat(500_000);

    assertThat(ComparedText.password(marks)).isEqualTo(marks);
    assertThat(ComparedText.email(marks)).isEqualTo(marks);
    assertThat(ComparedText.searchKey(marks)).hasSameSizeAs(marks);
  }

  @ParameterizedTest
  @CsvSource({
    "JOSÉ, josé",
    "josé, josé",
    "STRASSE, straße",
    "ΟΔΥΣΣΕΥΣ, οδυσσευς",
    "ＡＢＣ, abc",
    "ﬁn, FIN",
    "ЁЖ, ёж",
    "❤️, ❤"
  })
  void searchesDisregardCaseAndSpelling(String name, String search) {
    assertThat(ComparedText.searchKey(name)).isEqualTo(ComparedText.searchKey(search));
  }

  @Test
  void aPartOfAGreekWordIsFoundInIt() {
    assertThat(ComparedText.searchKey("ΟΔΥΣΣΕΥΣ")).startsWith(ComparedText.searchKey("ΟΔΥΣ"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "İstanbul", "ẞ", "ǰ", "ᾳ", "ﷺ", "Σίσυφος", "ⅷ", "e\u0301\u0323"})
  void aKeyIsItsOwnKey(String text) {
    String key = ComparedText.searchKey(text);

    assertThat(ComparedText.searchKey(key)).isEqualTo(key);
    assertThat(ComparedText.email(ComparedText.email(text))).isEqualTo(ComparedText.email(text));
  }
}
