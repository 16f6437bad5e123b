package dev.rookery.protocol.phoenix;

import static com.fasterxml.jackson.core.JsonToken.END_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;

import dev.rookery.edge.EncodedFrame;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The codec of version 1.0.0 (Gamend realtime contract, section 1.5): an object with {@code topic},
 * {@code event}, {@code payload} and {@code ref}. Only clients send {@code join_ref}; the server
 * identifies a join by the {@code ref} that it had.
 */
final class ObjectCodec implements PhoenixCodec {
  static final ObjectCodec V1 = new ObjectCodec();

  private ObjectCodec() {}

  @Override
  public Frame.Message decodeText(byte[] text) throws MalformedFrameException {
    try {
      return read(new Json(text));
    } catch (IOException broken) {
      throw new MalformedFrameException("not valid JSON");
    }
  }

  private static Frame.Message read(Json json) throws IOException, MalformedFrameException {
    String joinRef = null;
    String ref = null;
    boolean hasRef = false;
    String topic = null;
    String event = null;
    Payload payload = null;
    json.expect(START_OBJECT);
    while (json.nextToken() != END_OBJECT) {
      switch (json.fieldName()) {
        case "join_ref" -> joinRef = json.readRef();
        case "ref" -> {
          ref = json.readRef();
          hasRef = true;
        }
        case "topic" -> topic = json.readString();
        case "event" -> event = json.readString();
        case "payload" -> payload = json.readPayload();
        default -> {
          json.nextToken();
          json.skipValue();
        }
      }
    }
    json.expectEnd();
    if (!hasRef || topic == null || event == null || payload == null) {
      throw new MalformedFrameException("a required key is missing");
    }
    return new Frame.Message(joinRef, ref, topic, event, payload);
  }

  /**
   * Decodes a text frame: this version has no binary frames, but some game engines send text in
   * binary WebSocket frames.
   */
  @Override
  public Frame.Message decodeBinary(byte[] bytes) throws MalformedFrameException {
    return decodeText(bytes);
  }

  @Override
  public EncodedFrame encodeReply(Frame.Reply reply) {
    if (reply.response().isBinary()) {
      throw new IllegalArgumentException("version 1.0.0 has no binary frames");
    }
    return encodeObject(
        reply.topic(),
        "phx_reply",
        Json.join(
            "{\"status\":\"" + reply.status() + "\",\"response\":", reply.response().bytes(), "}"),
        reply.ref());
  }

  @Override
  public EncodedFrame encodePush(@Nullable String joinRef, Push push) {
    if (push.payload().isBinary()) {
      throw new IllegalArgumentException("version 1.0.0 has no binary frames");
    }
    return push.objectFrame();
  }

  @Override
  public EncodedFrame encodeEnd(Frame.End end) {
    return encodeObject(end.topic(), end.reason().event(), Payload.EMPTY.bytes(), end.joinRef());
  }

  static EncodedFrame encodeObject(
      String topic, String event, byte[] payload, @Nullable String ref) {
    return EncodedFrame.text(
        Json.join(
            "{\"topic\":" + Json.quote(topic) + ",\"event\":" + Json.quote(event) + ",\"payload\":",
            payload,
            ",\"ref\":" + ref + "}"));
  }
}
