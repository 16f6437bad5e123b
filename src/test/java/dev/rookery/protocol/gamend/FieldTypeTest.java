package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FieldTypeTest {
  private static final BigInteger HUGE = new BigInteger("9".repeat(400));

  @Test
  void castsIntegersAndIntegersAsText() {
    assertThat(FieldType.INT.cast(12)).isEqualTo(12);
    assertThat(FieldType.INT.cast("12")).isEqualTo(12);
    assertThat(FieldType.INT.cast("-12")).isEqualTo(-12);
    assertThat(FieldType.INT.cast("+012")).isEqualTo(12);
    assertThat(FieldType.LONG.cast("9007199254740993")).isEqualTo(9007199254740993L);
  }

  @Test
  void rejectsOtherValuesAsIntegers() {
    for (Object other :
        List.<Object>of(
            4.0, 4.5, true, "3x", "4.0", "1e3", " 3", "-", "", "x", List.of(), Map.of())) {
      assertThat(FieldType.INT.cast(other)).as("%s", other).isNull();
      assertThat(FieldType.LONG.cast(other)).as("%s", other).isNull();
    }
  }

  @Test
  void clampsNumbersToTheRangeOfTheType() {
    assertThat(FieldType.INT.cast(99_999_999_999L)).isEqualTo(Integer.MAX_VALUE);
    assertThat(FieldType.INT.cast(HUGE)).isEqualTo(Integer.MAX_VALUE);
    assertThat(FieldType.LONG.cast(HUGE.negate())).isEqualTo(Long.MIN_VALUE);
    assertThat(FieldType.LONG.cast("9".repeat(1_000_000))).isEqualTo(Long.MAX_VALUE);
    assertThat(FieldType.LONG.cast("-9223372036854775809")).isEqualTo(Long.MIN_VALUE);
    assertThat(FieldType.LONG.cast("0".repeat(50) + "7")).isEqualTo(7L);
  }

  @Test
  void knowsClampedNumbersFromExactOnes() {
    for (Object exact :
        List.<Object>of(0, 7, -7L, "-0", "+007", Long.MAX_VALUE, "-9223372036854775808")) {
      Long cast = FieldType.parseInteger(exact);
      assertThat(FieldType.isExact(exact, cast)).as("%s", exact).isTrue();
    }
    for (Object clamped :
        List.<Object>of(HUGE, HUGE.negate(), "9223372036854775808", "9".repeat(100_000))) {
      Long cast = FieldType.parseInteger(clamped);
      assertThat(FieldType.isExact(clamped, cast)).isFalse();
    }
    assertThat(FieldType.isExact(99_999_999_999L, Integer.MAX_VALUE)).isFalse();
    assertThat(FieldType.isExact("99999999999", Integer.MAX_VALUE)).isFalse();
  }

  @Test
  void lenientIntegersUseTheLeadingDigits() {
    assertThat(FieldType.INT.castLenient("3x")).isEqualTo(3);
    assertThat(FieldType.INT.castLenient("x3")).isNull();
    assertThat(FieldType.INT.castLenient(4.0)).isNull();
  }

  @Test
  void castsBooleansFromTextButNotFromNumbers() {
    assertThat(FieldType.BOOLEAN.cast(true)).isEqualTo(true);
    assertThat(FieldType.BOOLEAN.cast("true")).isEqualTo(true);
    assertThat(FieldType.BOOLEAN.cast("1")).isEqualTo(true);
    assertThat(FieldType.BOOLEAN.cast("false")).isEqualTo(false);
    assertThat(FieldType.BOOLEAN.cast("0")).isEqualTo(false);
    for (Object other : List.<Object>of(1, 0, "TRUE", "yes", List.of())) {
      assertThat(FieldType.BOOLEAN.cast(other)).as("%s", other).isNull();
    }
  }

  @Test
  void lenientBooleansIgnoreCase() {
    assertThat(FieldType.BOOLEAN.castLenient("TRUE")).isEqualTo(true);
    assertThat(FieldType.BOOLEAN.castLenient("False")).isEqualTo(false);
    assertThat(FieldType.BOOLEAN.castLenient("1")).isNull();
  }

  @Test
  void castsOnlyTextToText() {
    assertThat(FieldType.TEXT.cast("<b>'; DROP TABLE player; --"))
        .isEqualTo("<b>'; DROP TABLE player; --");
    for (Object other : List.<Object>of(1, 1.5, true, List.of(), Map.of(), "with a \0 in it")) {
      assertThat(FieldType.TEXT.cast(other)).as("%s", other).isNull();
    }
  }

  @Test
  void rejectsObjectsWithInfiniteNumbers() {
    assertThat(FieldType.OBJECT.cast(Map.of("a", List.of(1, 2.5)))).isNotNull();
    assertThat(FieldType.OBJECT.cast(Map.of("a", List.of(Double.POSITIVE_INFINITY)))).isNull();
    assertThat(FieldType.OBJECT.cast("{}")).isNull();
    assertThat(FieldType.OBJECT.cast(List.of())).isNull();
  }

  @Test
  void lenientObjectsMayBeJsonText() {
    assertThat(FieldType.OBJECT.castLenient("{\"mode\":\"duel\"}"))
        .isEqualTo(Map.of("mode", "duel"));
    assertThat(FieldType.OBJECT.castLenient("{mode")).isNull();
    assertThat(FieldType.OBJECT.castLenient("[1]")).isNull();
    assertThat(FieldType.OBJECT.castLenient("null")).isNull();
  }
}
