package dev.rookery.protocol.phoenix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.edge.EncodedFrame;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PhoenixCodecTest {
  private static final ArrayCodec V2 = ArrayCodec.V2;
  private static final ObjectCodec V1 = ObjectCodec.V1;
  private static final JsonObject ONE = JsonObject.of("a", 1);

  @Test
  void withFieldAppendsAField() {
    var filled = Payload.of(JsonObject.of("a", 1, "b", "}"));

    assertThat(filled.withField("c", "{\"d\":2}").asObject())
        .isEqualTo(new JsonObject("{\"a\":1,\"b\":\"}\",\"c\":{\"d\":2}}"));
    assertThat(Payload.EMPTY.withField("c", "3").asObject()).isEqualTo(JsonObject.of("c", 3));
    assertThat(filled.hasSameBytes(Payload.of(JsonObject.of("a", 1, "b", "}")))).isTrue();
  }

  @Test
  void decodesArrayFrames() throws MalformedFrameException {
    var message =
        V2.decodeText(utf8("[\"3\", \"7\" ,\"user:42\",\"call_hook\", {\"a\":\"ü\\u0041\"} ]"));

    assertThat(message.joinRef()).isEqualTo("\"3\"");
    assertThat(message.ref()).isEqualTo("\"7\"");
    assertThat(message.topic()).isEqualTo("user:42");
    assertThat(message.event()).isEqualTo("call_hook");
    assertThat(message.payload().asObject()).isEqualTo(JsonObject.of("a", "üA"));
  }

  @Test
  void decodesNullRefsAndIgnoresElementsAfterThePayload() throws MalformedFrameException {
    var message = V2.decodeText(utf8("[null,null,\"t\",\"e\",[1,{}],{\"x\":[\"y\"]},null]"));

    assertThat(message.joinRef()).isNull();
    assertThat(message.ref()).isNull();
    assertThat(message.payload().asObject()).isNull();
  }

  @Test
  void echoesRefsUnchanged() throws MalformedFrameException {
    var message = V2.decodeText(utf8("[3,\"\\u0041\\\"\",\"t\",\"e\",{}]"));

    assertThat(text(V2.encodeReply(Frame.Reply.to(message, true, Payload.EMPTY))))
        .isEqualTo("[3,\"A\\\"\",\"t\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "7",
        "{}",
        "[]",
        "[null,null,\"t\",\"e\"]",
        "[null,null,\"t\",\"e\",]",
        "[null,null,\"t\",\"e\",{}",
        "[null,null,\"t\",\"e\",{}] []",
        "[null,null,\"t\",\"e\",{\"a\":}]",
        "[null,null,7,\"e\",{}]",
        "[null,null,\"t\",null,{}]",
        "[{},null,\"t\",\"e\",{}]",
        "[null,true,\"t\",\"e\",{}]",
        "[null,1.5,\"t\",\"e\",{}]",
        "[null,null,\"t\",\"e\",{}]x",
        "\u0000[\u0000n\u0000u"
      })
  void rejectsInvalidArrayFrames(String text) {
    assertThatThrownBy(() -> V2.decodeText(utf8(text))).isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void rejectsRefsTooLongForABinaryFrame() {
    assertThatThrownBy(
            () -> V2.decodeText(utf8("[\"" + "1".repeat(300) + "\",null,\"t\",\"e\",{}]")))
        .isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void rejectsTooDeeplyNestedJson() {
    String deep = "[null,null,\"t\",\"e\"," + "[".repeat(50_000) + "]".repeat(50_000) + "]";

    assertThatThrownBy(() -> V2.decodeText(utf8(deep))).isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void encodesArrayFrames() {
    var push = new Push("user:1", "updated", ONE);

    assertThat(text(V2.encodePush("\"3\"", push)))
        .isEqualTo("[\"3\",null,\"user:1\",\"updated\",{\"a\":1}]");
    assertThat(text(V2.encodePush(null, push)))
        .isEqualTo("[null,null,\"user:1\",\"updated\",{\"a\":1}]");
    assertThat(
            text(V2.encodeReply(new Frame.Reply(null, "\"8\"", "phoenix", false, Payload.of(ONE)))))
        .isEqualTo(
            "[null,\"8\",\"phoenix\",\"phx_reply\",{\"status\":\"error\",\"response\":{\"a\":1}}]");
    assertThat(text(V2.encodeEnd(new Frame.End("\"3\"", "user:1", Frame.End.Reason.CLOSED))))
        .isEqualTo("[\"3\",\"3\",\"user:1\",\"phx_close\",{}]");
    assertThat(text(V2.encodeEnd(new Frame.End("\"3\"", "user:1", Frame.End.Reason.CRASHED))))
        .isEqualTo("[\"3\",\"3\",\"user:1\",\"phx_error\",{}]");
  }

  @Test
  void encodesAPushOncePerJoinRef() {
    var push = new Push("lobby:1", "updated", ONE);

    assertThat(V2.encodePush("\"3\"", push)).isSameAs(V2.encodePush("\"3\"", push));
    assertThat(V2.encodePush("\"3\"", push)).isNotSameAs(V2.encodePush("\"4\"", push));
    assertThat(V1.encodePush("\"3\"", push)).isSameAs(V1.encodePush("\"4\"", push));
  }

  @Test
  void encodesAPushForMoreJoinRefsThanItCaches() {
    var push = new Push("lobby:1", "updated", ONE);
    for (int ref = 0; ref < 1_000; ref++) {
      String joinRef = "\"" + ref + "\"";
      assertThat(text(V2.encodePush(joinRef, push)))
          .isEqualTo("[" + joinRef + ",null,\"lobby:1\",\"updated\",{\"a\":1}]");
    }
  }

  @Test
  void escapesTextChosenByClients() {
    var message = new Frame.Message("\"1\"", "\"1\"", "a\"\\\n\u0001", "e", Payload.EMPTY);

    var reply = new JsonArray(text(V2.encodeReply(Frame.Reply.to(message, true, Payload.EMPTY))));

    assertThat(reply.getString(2)).isEqualTo("a\"\\\n\u0001");
  }

  @Test
  void decodesBinaryPushes() throws MalformedFrameException {
    var message = V2.decodeBinary(hex("00 02 02 06 03 3137 3139 757365723a31 62696e 010203"));

    assertThat(message.joinRef()).isEqualTo("\"17\"");
    assertThat(message.ref()).isEqualTo("\"19\"");
    assertThat(message.topic()).isEqualTo("user:1");
    assertThat(message.event()).isEqualTo("bin");
    assertThat(message.payload().isBinary()).isTrue();
    assertThat(message.payload().bytes()).containsExactly(1, 2, 3);
    assertThat(message.payload().asObject()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00 00 00 00",
        "01 00 00 00 00",
        "02 01 01 61 62",
        "ff 00 00 00 00",
        "00 ff ff ff ff 00",
        "00 00 00 02 01 fffe 61"
      })
  void rejectsInvalidBinaryFrames(String hex) {
    assertThatThrownBy(() -> V2.decodeBinary(hex(hex))).isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void encodesBinaryFrames() {
    Payload data = Payload.binary(new byte[] {1, 2, 3});

    EncodedFrame push = V2.encodePush("\"17\"", new Push("user:1", "bin", data));
    EncodedFrame broadcast = V2.encodePush(null, new Push("user:1", "bin", data));
    EncodedFrame reply = V2.encodeReply(new Frame.Reply("\"17\"", "\"19\"", "user:1", true, data));

    assertThat(push.isText()).isFalse();
    assertThat(push.payload()).isEqualTo(hex("00 02 06 03 3137 757365723a31 62696e 010203"));
    assertThat(broadcast.payload()).isEqualTo(hex("02 06 03 757365723a31 62696e 010203"));
    assertThat(reply.payload()).isEqualTo(hex("01 02 02 06 02 3137 3139 757365723a31 6f6b 010203"));
  }

  @Test
  void decodesObjectFrames() throws MalformedFrameException {
    var message =
        V1.decodeText(
            utf8(
                "{\"payload\":{\"a\":1},\"extra\":{\"topic\":[]},\"event\":\"phx_join\","
                    + "\"ref\":\"2\",\"join_ref\":\"2\",\"topic\":\"lobbies\"}"));

    assertThat(message.joinRef()).isEqualTo("\"2\"");
    assertThat(message.ref()).isEqualTo("\"2\"");
    assertThat(message.topic()).isEqualTo("lobbies");
    assertThat(message.event()).isEqualTo("phx_join");
    assertThat(message.payload().asObject()).isEqualTo(ONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[null,\"1\",\"t\",\"e\",{}]",
        "{\"topic\":\"t\",\"event\":\"e\",\"payload\":{}}",
        "{\"topic\":\"t\",\"event\":\"e\",\"ref\":null}",
        "{\"topic\":\"t\",\"payload\":{},\"ref\":null}",
        "{\"event\":\"e\",\"payload\":{},\"ref\":null}",
        "{\"topic\":null,\"event\":\"e\",\"payload\":{},\"ref\":null}",
        "{\"topic\":\"t\",\"event\":\"e\",\"payload\":{},\"ref\":null}{}",
        "{\"topic\":\"t\",\"event\":\"e\",\"payload\":{},\"ref\":null",
        "\"phoenix\""
      })
  void rejectsInvalidObjectFrames(String text) {
    assertThatThrownBy(() -> V1.decodeText(utf8(text))).isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void encodesObjectFramesWithoutJoinRef() {
    assertThat(text(V1.encodePush("\"3\"", new Push("user:1", "updated", ONE))))
        .isEqualTo(
            "{\"topic\":\"user:1\",\"event\":\"updated\",\"payload\":{\"a\":1},\"ref\":null}");
    assertThat(
            text(V1.encodeReply(new Frame.Reply("\"3\"", "\"4\"", "user:1", true, Payload.EMPTY))))
        .isEqualTo(
            "{\"topic\":\"user:1\",\"event\":\"phx_reply\","
                + "\"payload\":{\"status\":\"ok\",\"response\":{}},\"ref\":\"4\"}");
    assertThat(text(V1.encodeEnd(new Frame.End("\"3\"", "user:1", Frame.End.Reason.CLOSED))))
        .isEqualTo("{\"topic\":\"user:1\",\"event\":\"phx_close\",\"payload\":{},\"ref\":\"3\"}");
    assertThat(text(V1.encodeEnd(new Frame.End(null, "user:1", Frame.End.Reason.CRASHED))))
        .isEqualTo("{\"topic\":\"user:1\",\"event\":\"phx_error\",\"payload\":{},\"ref\":null}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.0.0", "2.0.7", "2.0.0+build"})
  void supportsVersion2(String version) {
    assertThat(PhoenixCodec.forVersion(version)).isSameAs(V2);
  }

  @Test
  void defaultsToVersion1() {
    assertThat(PhoenixCodec.forVersion(null)).isSameAs(V1);
    assertThat(PhoenixCodec.forVersion("1.0.0")).isSameAs(V1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2", "2.0", "2.1.0", "3.0.0", "1.1.0", "two", "2.0.0.0", " 2.0.0"})
  void supportsNoOtherVersion(String version) {
    assertThat(PhoenixCodec.forVersion(version)).isNull();
  }

  @Property
  void decodesOrRejectsArbitraryBytes(@ForAll @Size(max = 200) byte[] bytes) {
    decodeOrReject(() -> V2.decodeText(bytes));
    decodeOrReject(() -> V2.decodeBinary(bytes));
    decodeOrReject(() -> V1.decodeText(bytes));
  }

  @Property
  void decodesAnyTopicAndEvent(@ForAll String topic, @ForAll String event)
      throws MalformedFrameException {
    var array = new JsonArray().addNull().add("1").add(topic).add(event).add(ONE);

    var message = V2.decodeText(array.toBuffer().getBytes());

    // A lone surrogate has no UTF-8 encoding; compare with what the encoder wrote.
    var written = new JsonArray(array.toBuffer());
    assertThat(message.topic()).isEqualTo(written.getString(2));
    assertThat(message.event()).isEqualTo(written.getString(3));
    assertThat(message.payload().asObject()).isEqualTo(ONE);
  }

  private interface Decoding {
    Frame.Message read() throws MalformedFrameException;
  }

  private static void decodeOrReject(Decoding decoding) {
    try {
      assertThat(decoding.read().topic()).isNotNull();
    } catch (MalformedFrameException refused) {
      assertThat(refused).hasMessageMatching(".+");
    }
  }

  private static String text(EncodedFrame frame) {
    assertThat(frame.isText()).isTrue();
    return new String(frame.payload(), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
