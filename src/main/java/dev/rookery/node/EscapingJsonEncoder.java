package dev.rookery.node;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;

/**
 * The log as JSON, one object a line. JSON itself demands escapes only below U+0020; here all that
 * {@link LogEscaping} names is escaped, because the lines are read in terminals too.
 */
final class EscapingJsonEncoder extends JsonEncoder {
  @Override
  public byte[] encode(ILoggingEvent event) {
    String line = new String(super.encode(event), StandardCharsets.UTF_8);
    // All other characters of this kind are inside a string, where an escape means the same.
    int end = line.endsWith("\n") ? line.length() - 1 : line.length();
    return (LogEscaping.escape(line.substring(0, end)) + '\n').getBytes(StandardCharsets.UTF_8);
  }
}
