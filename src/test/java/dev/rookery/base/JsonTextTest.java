package dev.rookery.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTextTest {
  private static boolean isAcceptable(String text) {
    return JsonText.isAcceptable(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"a\":\"\\ud83d\\ude00\"}",
        "{\"a\":\"\\uD83D\\uDE00x\"}",
        "{\"a\":\"\uD83D\uDE00\"}",
        "{\"a\":\"\\\\ud800\"}",
        "{\"a\":\"\\\"[[[\"}",
        "{\"a\":\"\\u0000\"}",
        "nonsense",
        "\"\\u12\"",
        ""
      })
  void acceptsWhatAParserMayRead(String text) {
    assertThat(isAcceptable(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\ud800\"",
        "\"\\uD800x\"",
        "\"\\udc00\"",
        "\"\\ud800\\ud800\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800\\\\udc00\"",
        "\"\\\\\\ud800\"",
        "{\"\\ud800\":1}",
        "{\"a\":[{\"b\":{\"\\udfff\":[]}}]}",
        "[\"\\ud83d",
        "[\"\\ud83d\\ude"
      })
  void rejectsUnpairedSurrogates(String text) {
    assertThat(isAcceptable(text)).isFalse();
  }

  @Test
  void limitsTheDepthOfObjectsAndArrays() {
    int max = JsonText.DEPTH_MAX;

    assertThat(isAcceptable("[".repeat(max) + "]".repeat(max))).isTrue();
    assertThat(isAcceptable("[".repeat(max + 1) + "]".repeat(max + 1))).isFalse();
    assertThat(isAcceptable("{\"a\":".repeat(900) + "1" + "}".repeat(900))).isFalse();
    assertThat(isAcceptable("[" + "[],".repeat(500) + "[]]")).isTrue();
  }

  @Test
  void rejectsBytesThatAreNotUtf8() {
    for (int[] bytes :
        new int[][] {
          {'"', 0xff, '"'},
          {'"', 0xc0, 0x80, '"'},
          {'"', 0xed, 0xa0, 0x80, '"'},
          {'"', 0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80, '"'},
          {'"', 0xf5, 0x80, 0x80, 0x80, '"'},
          {'"', 0xe2, 0x82, '"'}
        }) {
      byte[] text = new byte[bytes.length];
      for (int i = 0; i < bytes.length; i++) {
        text[i] = (byte) bytes[i];
      }
      assertThat(JsonText.isAcceptable(text)).isFalse();
    }
  }

  @Test
  void checksTheHeaderAndTheClaimsOfAToken() {
    String deep = "{\"a\":" + "[".repeat(900) + "]".repeat(900) + "}";

    assertThat(JsonText.isAcceptableToken(token("{}", "{\"sub\":\"1\"}"))).isTrue();
    assertThat(JsonText.isAcceptableToken(token(deep, "{}"))).isFalse();
    assertThat(JsonText.isAcceptableToken(token("{}", deep))).isFalse();
    assertThat(JsonText.isAcceptableToken("a.b")).isFalse();
    assertThat(JsonText.isAcceptableToken("\u00e9.e30.x")).isFalse();
  }

  private static String token(String header, String claims) {
    var encoder = Base64.getUrlEncoder().withoutPadding();
    return encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8))
        + "."
        + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".signature";
  }
}
