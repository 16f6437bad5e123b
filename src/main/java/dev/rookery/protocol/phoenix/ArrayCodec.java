package dev.rookery.protocol.phoenix;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;

import com.fasterxml.jackson.core.JsonToken;
import dev.rookery.edge.EncodedFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The codec of version 2.0.0 (Gamend realtime contract, sections 1.2 and 1.3). A text frame is
 * {@code [join_ref, ref, topic, event, payload]}; a binary frame is a kind, the lengths of the
 * strings in one byte each, the strings, and the data.
 */
final class ArrayCodec implements PhoenixCodec {
  static final ArrayCodec V2 = new ArrayCodec();

  private static final int PUSH = 0;
  private static final int REPLY = 1;
  private static final int BROADCAST = 2;
  private static final int LENGTH_MAX = 255;
  private static final String NULL = "null";

  private ArrayCodec() {}

  @Override
  public Frame.Message decodeText(byte[] text) throws MalformedFrameException {
    try {
      var json = new Json(text);
      json.expect(START_ARRAY);
      String joinRef = json.readRef();
      String ref = json.readRef();
      String topic = json.readString();
      String event = json.readString();
      Payload payload = json.readPayload();
      for (JsonToken more = json.nextToken(); more != END_ARRAY; more = json.nextToken()) {
        json.skipValue();
      }
      json.expectEnd();
      return new Frame.Message(joinRef, ref, topic, event, payload);
    } catch (IOException broken) {
      throw new MalformedFrameException("not valid JSON");
    }
  }

  @Override
  public Frame.Message decodeBinary(byte[] bytes) throws MalformedFrameException {
    if (bytes.length < 5 || bytes[0] != PUSH) {
      throw new MalformedFrameException("not a binary push");
    }
    var data = ByteBuffer.wrap(bytes);
    data.get();
    int joinRef = Byte.toUnsignedInt(data.get());
    int ref = Byte.toUnsignedInt(data.get());
    int topic = Byte.toUnsignedInt(data.get());
    int event = Byte.toUnsignedInt(data.get());
    if (data.remaining() < joinRef + ref + topic + event) {
      throw new MalformedFrameException("the binary push is truncated");
    }
    return new Frame.Message(
        quotedOrNull(decodeString(data, joinRef)),
        quotedOrNull(decodeString(data, ref)),
        decodeString(data, topic),
        decodeString(data, event),
        Payload.binary(readRest(data)));
  }

  private static @Nullable String quotedOrNull(String text) {
    return text.isEmpty() ? null : Json.quote(text);
  }

  private static String decodeString(ByteBuffer data, int length) throws MalformedFrameException {
    ByteBuffer part = data.slice(data.position(), length);
    data.position(data.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
    } catch (CharacterCodingException _) {
      throw new MalformedFrameException("a string is not valid UTF-8");
    }
  }

  private static byte[] readRest(ByteBuffer data) {
    var rest = new byte[data.remaining()];
    data.get(rest);
    return rest;
  }

  @Override
  public EncodedFrame encodeReply(Frame.Reply reply) {
    if (reply.response().isBinary()) {
      return decodeBinary(
          REPLY,
          reply.response(),
          unquoted(reply.joinRef()),
          unquoted(reply.ref()),
          reply.topic(),
          reply.status());
    }
    return EncodedFrame.text(
        Json.join(
            "["
                + reply.joinRef()
                + ","
                + reply.ref()
                + ","
                + Json.quote(reply.topic())
                + ",\"phx_reply\",{\"status\":\""
                + reply.status()
                + "\",\"response\":",
            reply.response().bytes(),
            "}]"));
  }

  @Override
  public EncodedFrame encodePush(@Nullable String joinRef, Push push) {
    if (!push.payload().isBinary()) {
      return push.arrayFrame(joinRef == null ? NULL : joinRef);
    }
    return joinRef == null
        ? decodeBinary(BROADCAST, push.payload(), push.topic(), push.event())
        : decodeBinary(PUSH, push.payload(), unquoted(joinRef), push.topic(), push.event());
  }

  @Override
  public EncodedFrame encodeEnd(Frame.End end) {
    return EncodedFrame.text(
        Json.join(
            "["
                + end.joinRef()
                + ","
                + end.joinRef()
                + ","
                + Json.quote(end.topic())
                + ",\""
                + end.reason().event()
                + "\",",
            Payload.EMPTY.bytes(),
            "]"));
  }

  private static EncodedFrame decodeBinary(int kind, Payload payload, String... strings) {
    var header = new ByteArrayOutputStream();
    var body = new ByteArrayOutputStream();
    header.write(kind);
    for (String string : strings) {
      byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
      if (bytes.length > LENGTH_MAX) {
        throw new IllegalArgumentException(
            "a string has " + bytes.length + " bytes, the maximum is " + LENGTH_MAX);
      }
      header.write(bytes.length);
      body.writeBytes(bytes);
    }
    return EncodedFrame.binary(header.toByteArray(), body.toByteArray(), payload.bytes());
  }

  /** A ref as binary frames contain it: without JSON quotes. */
  private static String unquoted(@Nullable String ref) {
    if (ref == null) {
      return "";
    }
    return ref.startsWith("\"") ? Json.unquote(ref) : ref;
  }
}
