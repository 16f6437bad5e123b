package dev.rookery.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A WebSocket client that does what it is told, right or wrong: any frame, in any order, with any
 * bytes. Blocking; whatever does not come within ten seconds fails the test.
 */
public final class RawSocket implements AutoCloseable {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int FINAL = 0x80;
  private static final int RSV1 = 0x40;
  private static final int MASKED = 0x80;
  private static final int WITHIN_MS = 10_000;

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private final String response;

  private RawSocket(int port, String request, int receiveBytes, byte[] behind) {
    try {
      socket = new Socket();
      if (receiveBytes > 0) {
        socket.setReceiveBufferSize(receiveBytes);
      }
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout(WITHIN_MS);
      out = socket.getOutputStream();
      in = new DataInputStream(socket.getInputStream());
      var first = new ByteArrayOutputStream();
      first.writeBytes(request.getBytes(StandardCharsets.UTF_8));
      first.writeBytes(behind);
      out.write(first.toByteArray());
      out.flush();
      response = readHead(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a socket; the answer may be anything. {@code headers} are whole lines. */
  public static RawSocket handshake(int port, String pathAndQuery, String... headers) {
    return handshake(port, 0, new byte[0], pathAndQuery, headers);
  }

  /** Opens a socket with bytes right behind the request, before any answer. */
  public static RawSocket openWith(byte[] behind, int port, String pathAndQuery) {
    return opened(handshake(port, 0, behind, pathAndQuery));
  }

  /** Opens a socket whose system keeps next to nothing that is not read. */
  public static RawSocket openWithSmallBuffer(int port, String pathAndQuery) {
    return opened(handshake(port, 4_096, new byte[0], pathAndQuery));
  }

  private static RawSocket handshake(
      int port, int receiveBytes, byte[] behind, String pathAndQuery, String... headers) {
    byte[] key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key);
    var request = new StringBuilder("GET " + pathAndQuery + " HTTP/1.1\r\nhost: localhost\r\n");
    request.append("connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n");
    request.append("sec-websocket-key: ").append(Base64.getEncoder().encodeToString(key));
    request.append("\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return new RawSocket(port, request.append("\r\n").toString(), receiveBytes, behind);
  }

  public static RawSocket open(int port, String pathAndQuery, String... headers) {
    return opened(handshake(port, pathAndQuery, headers));
  }

  private static RawSocket opened(RawSocket opened) {
    if (opened.status() != 101) {
      throw new AssertionError(opened.response);
    }
    return opened;
  }

  private static String readHead(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("in the answer's head: " + head);
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  public int status() {
    return Integer.parseInt(response.split(" ", 3)[1]);
  }

  /** The answer's status line and headers. */
  public String response() {
    return response;
  }

  public RawSocket sendText(String text) {
    return sendFrame(TEXT, true, text.getBytes(StandardCharsets.UTF_8));
  }

  public RawSocket sendBinary(byte[] data) {
    return sendFrame(BINARY, true, data);
  }

  public RawSocket sendFrame(int opcode, boolean last, byte[] data) {
    return sendBytes(frameBytes(opcode | (last ? FINAL : 0), data));
  }

  /** A frame that claims to be deflated. */
  public RawSocket sendDeflated(int opcode, byte[] data) {
    return sendBytes(frameBytes(opcode | FINAL | RSV1, data));
  }

  private static byte[] frameBytes(int first, byte[] data) {
    var frame = new ByteArrayOutputStream();
    frame.write(first);
    if (data.length < 126) {
      frame.write(MASKED | data.length);
    } else if (data.length <= 0xFFFF) {
      frame.write(MASKED | 126);
      frame.write(data.length >>> 8);
      frame.write(data.length);
    } else {
      frame.write(MASKED | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) data.length >>> shift));
      }
    }
    byte[] mask = new byte[4];
    ThreadLocalRandom.current().nextBytes(mask);
    frame.writeBytes(mask);
    for (int i = 0; i < data.length; i++) {
      frame.write(data[i] ^ mask[i % 4]);
    }
    return frame.toByteArray();
  }

  /** Anything at all. That the other end has closed meanwhile is no fault. */
  public RawSocket sendBytes(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (SocketException _) {
      // The test will see what was said before.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** What comes next. */
  public ReceivedFrame receive() {
    try {
      int first = in.readUnsignedByte();
      long length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      byte[] data = in.readNBytes(Math.toIntExact(length));
      return new ReceivedFrame(first & 0xF, (first & RSV1) != 0, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether something has come that was not heard yet. */
  public boolean hasPending() {
    try {
      return in.available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text that comes next; anything else fails. */
  public String receiveText() {
    ReceivedFrame heard = receive();
    if (heard.opcode() != TEXT || heard.deflated()) {
      throw new AssertionError("no text but " + heard);
    }
    return heard.text();
  }

  /** The code of the close frame that comes, whatever comes before it. */
  public int receiveCloseCode() {
    while (true) {
      ReceivedFrame heard = receive();
      if (heard.opcode() == CLOSE) {
        return heard.closeCode();
      }
    }
  }

  /** Whether the other end cuts the line, after whatever it still says. */
  public boolean awaitEnd() {
    try {
      while (true) {
        receive();
      }
    } catch (UncheckedIOException e) {
      return e.getCause() instanceof EOFException || e.getCause() instanceof SocketException;
    }
  }

  /** Says nothing, cuts the line. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A frame from the server. */
  public record ReceivedFrame(int opcode, boolean deflated, byte[] data) {
    public String text() {
      return new String(data, StandardCharsets.UTF_8);
    }

    public int closeCode() {
      return (data[0] & 0xFF) << 8 | data[1] & 0xFF;
    }

    @Override
    public String toString() {
      return "frame " + opcode + (opcode == TEXT ? " " + text() : " " + Arrays.toString(data));
    }
  }
}
