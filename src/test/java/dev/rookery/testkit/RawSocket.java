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
 * A blocking WebSocket client that sends any frame, valid or not. A read that takes more than two
 * minutes fails the test, and so does a connection that ends within a frame.
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
  private static final int WITHIN_MS = 120_000;

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private final String response;

  private RawSocket(int port, String request, int receiveBytes, byte[] extra) {
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
      first.writeBytes(extra);
      out.write(first.toByteArray());
      out.flush();
      response = readHead(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends an upgrade request; the response may have any status.
   *
   * @param headers complete header lines
   */
  public static RawSocket handshake(int port, String pathAndQuery, String... headers) {
    return handshake(port, 0, new byte[0], pathAndQuery, headers);
  }

  /** Opens a socket and sends bytes together with the request, before any response. */
  public static RawSocket openWith(byte[] extra, int port, String pathAndQuery) {
    return requireUpgraded(handshake(port, 0, extra, pathAndQuery));
  }

  /** Opens a socket with a small receive buffer, to act as a slow reader. */
  public static RawSocket openWithSmallBuffer(int port, String pathAndQuery) {
    return requireUpgraded(handshake(port, 4_096, new byte[0], pathAndQuery));
  }

  /** Sends the request for a socket and closes the connection without waiting for the answer. */
  public static void openAndLeave(int port, String pathAndQuery) {
    try (var connection = new Socket("127.0.0.1", port)) {
      connection.getOutputStream().write(request(pathAndQuery).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static RawSocket handshake(
      int port, int receiveBytes, byte[] extra, String pathAndQuery, String... headers) {
    return new RawSocket(port, request(pathAndQuery, headers), receiveBytes, extra);
  }

  private static String request(String pathAndQuery, String... headers) {
    byte[] key = new byte[16];
    ThreadLocalRandom.current().nextBytes(key);
    var request = new StringBuilder("GET " + pathAndQuery + " HTTP/1.1\r\nhost: localhost\r\n");
    request.append("connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n");
    request.append("sec-websocket-key: ").append(Base64.getEncoder().encodeToString(key));
    request.append("\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  public static RawSocket open(int port, String pathAndQuery, String... headers) {
    return requireUpgraded(handshake(port, pathAndQuery, headers));
  }

  private static RawSocket requireUpgraded(RawSocket upgraded) {
    if (upgraded.status() != 101) {
      throw new AssertionError(upgraded.response);
    }
    return upgraded;
  }

  private static String readHead(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the response ended within its head: " + head);
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  public int status() {
    return Integer.parseInt(response.split(" ", 3)[1]);
  }

  /** The status line and headers of the response. */
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

  /** Sends a frame marked as deflated. */
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

  /** Sends raw bytes; ignores that the server may have closed the connection. */
  public RawSocket sendBytes(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (SocketException _) {
      // The test reads what the server sent before it closed.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Receives the next frame. */
  public ReceivedFrame receive() {
    try {
      int first = in.readUnsignedByte();
      long length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = in.readLong();
      }
      byte[] data = new byte[Math.toIntExact(length)];
      in.readFully(data);
      return new ReceivedFrame(first & 0xF, (first & RSV1) != 0, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether bytes have arrived that were not read yet. */
  public boolean hasPending() {
    try {
      return in.available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Receives the next frame that is no ping, which must be uncompressed text. */
  public String receiveText() {
    ReceivedFrame received = receive();
    while (received.opcode() == PING) {
      received = receive();
    }
    if (received.opcode() != TEXT || received.deflated()) {
      throw new AssertionError("expected a text frame but received " + received);
    }
    return received.text();
  }

  /** Skips frames until a close frame and returns its code. */
  public int receiveCloseCode() {
    while (true) {
      ReceivedFrame received = receive();
      if (received.opcode() == CLOSE) {
        return received.closeCode();
      }
    }
  }

  /**
   * Skips frames until a close frame, answers it, and returns its code. The server then closes the
   * connection at once instead of waiting for the answer.
   */
  public int acceptClose() {
    int code = receiveCloseCode();
    sendFrame(CLOSE, true, new byte[] {(byte) (code >>> 8), (byte) code});
    return code;
  }

  /** Skips frames until the server closes the connection; returns whether it did. */
  public boolean awaitEnd() {
    try {
      while (true) {
        receive();
      }
    } catch (UncheckedIOException e) {
      return e.getCause() instanceof EOFException || e.getCause() instanceof SocketException;
    }
  }

  /** Closes the TCP connection without a close frame. */
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
