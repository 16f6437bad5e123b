package dev.rookery.protocol.phoenix;

import dev.rookery.edge.EncodedFrame;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes the frames of one protocol version. */
sealed interface PhoenixCodec permits ArrayCodec, ObjectCodec {
  Pattern VERSION =
      Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})(\\+[0-9A-Za-z.-]{1,40})?");

  Frame.Message decodeText(byte[] text) throws MalformedFrameException;

  Frame.Message decodeBinary(byte[] bytes) throws MalformedFrameException;

  EncodedFrame encodeReply(Frame.Reply reply);

  EncodedFrame encodePush(@Nullable String joinRef, Push push);

  EncodedFrame encodeEnd(Frame.End end);

  /** The codec for the {@code vsn} of the handshake; null if the version is not supported. */
  static @Nullable PhoenixCodec forVersion(@Nullable String version) {
    if (version == null) {
      return ObjectCodec.V1;
    }
    Matcher parts = VERSION.matcher(version);
    if (!parts.matches() || !parts.group(2).equals("0")) {
      return null;
    }
    return switch (parts.group(1)) {
      case "1" -> ObjectCodec.V1;
      case "2" -> ArrayCodec.V2;
      default -> null;
    };
  }
}
