package dev.rookery.lua;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code string.format}, which is C's sprintf with {@code %q} added. */
final class StringFormat {
  private static final String FLAGS = "-+ #0";
  private static final int LONG_STRING = 100;

  private final LuaCall call;
  private final @Nullable Object[] args;
  private final byte[] format;
  private final ByteBuilder out;
  private int at;

  // The directive that is being read.
  private boolean left;
  private boolean plus;
  private boolean space;
  private boolean alternate;
  private boolean zero;
  private int width;
  private int precision;

  private StringFormat(LuaCall call, @Nullable Object[] args) {
    this.call = call;
    this.args = args;
    this.format = Args.string(call, args, 0).bytes;
    this.out = new ByteBuilder(call, format.length + 32);
  }

  static Object format(LuaCall c, @Nullable Object[] args) {
    return new StringFormat(c, args).run();
  }

  private int peek() {
    return at < format.length ? format[at] & 0xff : 0;
  }

  private LuaString run() {
    int arg = 0;
    while (at < format.length) {
      int b = format[at++];
      if (b != '%') {
        out.add(b);
      } else if (peek() == '%') {
        at++;
        out.add('%');
      } else {
        readDirective();
        call.tick();
        if (++arg >= args.length) {
          throw call.argumentError(arg + 1, "no value");
        }
        convert(arg);
      }
    }
    return out.toLuaString();
  }

  private void readDirective() {
    left = plus = space = alternate = zero = false;
    int start = at;
    while (peek() != 0 && FLAGS.indexOf(peek()) >= 0) {
      switch (peek()) {
        case '-' -> left = true;
        case '+' -> plus = true;
        case ' ' -> space = true;
        case '#' -> alternate = true;
        default -> zero = true;
      }
      at++;
    }
    if (at - start > FLAGS.length()) {
      throw call.error("invalid format (repeated flags)");
    }
    width = readNumber();
    precision = -1;
    if (peek() == '.') {
      at++;
      precision = readNumber();
    }
    if (NumberReader.isDigit(peek())) {
      throw call.error("invalid format (width or precision too long)");
    }
  }

  private int readNumber() {
    int value = 0;
    for (int i = 0; i < 2 && NumberReader.isDigit(peek()); i++) {
      value = value * 10 + peek() - '0';
      at++;
    }
    return value;
  }

  private void convert(int arg) {
    int conversion = peek();
    at++;
    switch (conversion) {
      case 'c' -> {
        int c = (int) Args.toInteger(Args.number(call, args, arg)) & 0xff;
        // C measures its buffer up to the first zero.
        pad(c == 0 ? "" : Character.toString(c), false);
      }
      case 'd', 'i' -> integer(Args.toInteger(Args.number(call, args, arg)));
      case 'o', 'u', 'x', 'X' -> unsigned(conversion, Args.number(call, args, arg));
      case 'e', 'E', 'f', 'g', 'G' -> floating(conversion, Args.number(call, args, arg));
      case 'q' -> quote(Args.string(call, args, arg));
      case 's' -> string(Args.string(call, args, arg));
      default ->
          throw call.error(
              "invalid option '%"
                  + (conversion == 0 ? "" : Character.toString(conversion))
                  + "' to 'format'");
    }
  }

  private void pad(String text, boolean numeric) {
    int missing = width - text.length();
    if (missing <= 0) {
      out.addLatin1(text);
    } else if (left) {
      out.addLatin1(text).addLatin1(" ".repeat(missing));
    } else if (zero && numeric) {
      int sign = signLength(text);
      out.addLatin1(text.substring(0, sign));
      out.addLatin1("0".repeat(missing)).addLatin1(text.substring(sign));
    } else {
      out.addLatin1(" ".repeat(missing)).addLatin1(text);
    }
  }

  private static int signLength(String text) {
    int sign = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
    return text.startsWith("0x", sign) || text.startsWith("0X", sign) ? sign + 2 : sign;
  }

  private String sign(boolean negative) {
    return negative ? "-" : plus ? "+" : space ? " " : "";
  }

  private String digits(String plain) {
    if (precision == 0 && plain.equals("0")) {
      return "";
    }
    return plain.length() < precision ? "0".repeat(precision - plain.length()) + plain : plain;
  }

  private void integer(long value) {
    String plain = Long.toString(value);
    if (value < 0) {
      plain = plain.substring(1);
    }
    pad(sign(value < 0) + digits(plain), precision < 0);
  }

  private void unsigned(int conversion, double number) {
    long value = Args.toUnsigned(number);
    String text =
        switch (conversion) {
          case 'o' -> {
            String octal = digits(Long.toOctalString(value));
            yield alternate && !octal.startsWith("0") ? "0" + octal : octal;
          }
          case 'u' -> digits(Long.toUnsignedString(value));
          case 'x' -> (alternate && value != 0 ? "0x" : "") + digits(Long.toHexString(value));
          default ->
              (alternate && value != 0 ? "0X" : "")
                  + digits(Long.toHexString(value).toUpperCase(Locale.ROOT));
        };
    pad(text, precision < 0);
  }

  private void floating(int conversion, double value) {
    int digits = precision < 0 ? 6 : precision;
    // Exact decimal digits of large numbers take their time.
    call.work(4 * (8 + digits + Math.abs(Math.getExponent(value)) / 3));
    String text =
        switch (conversion | 0x20) {
          case 'e' -> LuaNumber.formatE(value, digits, alternate);
          case 'f' -> LuaNumber.formatF(value, digits, alternate);
          default -> LuaNumber.formatG(value, digits, alternate);
        };
    boolean negative = text.startsWith("-");
    String signed = sign(negative) + (negative ? text.substring(1) : text);
    if (conversion < 'a') {
      signed = signed.toUpperCase(Locale.ROOT);
    }
    pad(signed, Double.isFinite(value));
  }

  private void string(LuaString text) {
    if (precision < 0 && text.length() >= LONG_STRING) {
      out.add(text);
      return;
    }
    String plain = text.cString().toLatin1();
    if (precision >= 0 && precision < plain.length()) {
      plain = plain.substring(0, precision);
    }
    pad(plain, false);
  }

  private void quote(LuaString text) {
    out.add('"');
    for (byte b : text.bytes) {
      switch (b) {
        case '"', '\\', '\n' -> out.add('\\').add(b);
        case '\r' -> out.addLatin1("\\r");
        case 0 -> out.addLatin1("\\000");
        default -> out.add(b);
      }
    }
    out.add('"');
  }
}
