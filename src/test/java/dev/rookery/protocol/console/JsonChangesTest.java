package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.console.JsonChanges.Change;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The differences between two views of a match. */
final class JsonChangesTest {
  @Test
  void namesEachValueThatDiffers() {
    assertThat(
            JsonChanges.between(
                "{\"board\":[0,1,null],\"turn\":\"p2\",\"gone\":true}",
                "{\"board\":[0,2,1,3],\"turn\":\"p2\",\"new\":{\"a\":1}}"))
        .containsExactly(
            new Change("board[1]", "1", "2"),
            new Change("board[2]", "null", "1"),
            new Change("board[3]", "–", "3"),
            new Change("gone", "true", "–"),
            new Change("new", "–", "{\"a\":1}"));
  }

  @Test
  void comparesTextsThatAreNoObjects() {
    assertThat(JsonChanges.between("null", "null")).isEmpty();
    assertThat(JsonChanges.between("1", "\"x\"")).containsExactly(new Change("all", "1", "x"));
  }

  @Test
  void isBounded() {
    String many =
        IntStream.range(0, 500).mapToObj(Integer::toString).collect(Collectors.joining(","));
    assertThat(JsonChanges.between("[]", "[" + many + "]")).hasSize(100);
    assertThat(JsonChanges.between("\"\"", "\"" + "x".repeat(9_000) + "\"").getFirst().to())
        .hasSizeLessThan(300);
  }
}
