package dev.rookery.keyspace;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Sums as {@code INCRBYFLOAT} makes them: with the 80-bit numbers of x86, whose mantissa has 64
 * bits, printed with 17 decimals and without zeros at the end.
 */
final class LongDouble {
  private static final int MANTISSA_BITS = 64;
  private static final int EXPONENT_MAX = 4_900;
  private static final int DECIMALS = 17;

  private LongDouble() {}

  /**
   * Adds two numbers.
   *
   * @throws CommandError if one of them is no number, or the sum would be infinite
   */
  static byte[] add(byte[] value, byte[] increment, String notFloat) {
    BigDecimal first = parse(value, notFloat);
    BigDecimal second = parse(increment, CommandError.NOT_A_FLOAT);
    if (first == null || second == null) {
      throw new CommandError("ERR increment would produce NaN or Infinity");
    }
    BigDecimal sum = round(first.add(second));
    BigDecimal printed = sum.setScale(DECIMALS, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return ByteStrings.of(printed.signum() == 0 ? "0" : printed.toPlainString());
  }

  /** Refuses an increment that is no number, for commands that look at it before the key. */
  static void check(byte[] increment) {
    if (parse(increment, CommandError.NOT_A_FLOAT) == null) {
      throw new CommandError("ERR value is NaN or Infinity");
    }
  }

  /** The number, or null if it is infinite. */
  private static @Nullable BigDecimal parse(byte[] bytes, String error) {
    double rough = Numbers.parseReal(bytes).orElseThrow(() -> new CommandError(error));
    String text = ByteStrings.text(bytes);
    boolean named = text.indexOf('n') >= 0 || text.indexOf('N') >= 0;
    if (named) {
      return null;
    }
    if (text.indexOf('x') >= 0 || text.indexOf('X') >= 0) {
      if (Double.isInfinite(rough)) {
        throw new CommandError(error);
      }
      return new BigDecimal(rough);
    }
    if (rough == 0 && Numbers.isZero(text)) {
      return BigDecimal.ZERO;
    }
    BigDecimal exact;
    try {
      exact = new BigDecimal(text);
    } catch (NumberFormatException _) {
      throw new CommandError(error);
    }
    long exponent = (long) exact.precision() - exact.scale();
    if (exponent > EXPONENT_MAX || exponent < -EXPONENT_MAX) {
      throw new CommandError(error);
    }
    return round(exact);
  }

  /** Rounds to a mantissa of 64 bits, half to even. */
  private static BigDecimal round(BigDecimal value) {
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigInteger numerator = value.unscaledValue().abs();
    BigInteger denominator = BigInteger.ONE;
    if (value.scale() > 0) {
      denominator = BigInteger.TEN.pow(value.scale());
    } else {
      numerator = numerator.multiply(BigInteger.TEN.pow(-value.scale()));
    }
    int shift = MANTISSA_BITS - (numerator.bitLength() - denominator.bitLength());
    BigInteger mantissa = quotient(numerator, denominator, shift);
    // The first guess has a bit too many or exactly enough.
    while (mantissa.bitLength() > MANTISSA_BITS) {
      shift--;
      mantissa = quotient(numerator, denominator, shift);
      if (mantissa.equals(BigInteger.ONE.shiftLeft(MANTISSA_BITS))) {
        break;
      }
    }
    BigDecimal rounded = new BigDecimal(mantissa);
    BigDecimal power = new BigDecimal(BigInteger.TWO.pow(Math.abs(shift)));
    rounded =
        shift >= 0
            ? rounded.multiply(new BigDecimal(BigInteger.valueOf(5).pow(shift), shift))
            : rounded.multiply(power);
    return value.signum() < 0 ? rounded.negate() : rounded;
  }

  /** {@code numerator * 2^shift / denominator}, rounded half to even. */
  private static BigInteger quotient(BigInteger numerator, BigInteger denominator, int shift) {
    BigInteger above = shift >= 0 ? numerator.shiftLeft(shift) : numerator;
    BigInteger below = shift >= 0 ? denominator : denominator.shiftLeft(-shift);
    BigInteger[] parts = above.divideAndRemainder(below);
    int half = parts[1].shiftLeft(1).compareTo(below);
    boolean up = half > 0 || half == 0 && parts[0].testBit(0);
    return up ? parts[0].add(BigInteger.ONE) : parts[0];
  }
}
