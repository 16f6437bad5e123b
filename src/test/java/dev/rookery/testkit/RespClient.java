package dev.rookery.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rookery.keyspace.Reply;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Sends commands to a Redis on loopback and reads its replies, many commands at a time. */
public final class RespClient implements AutoCloseable {
  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  public RespClient(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Sends commands in one go and returns their replies in order. */
  public List<Reply> send(List<byte[][]> commands) {
    try {
      for (byte[][] command : commands) {
        out.write(("*" + command.length + "\r\n").getBytes(ISO_8859_1));
        for (byte[] argument : command) {
          out.write(("$" + argument.length + "\r\n").getBytes(ISO_8859_1));
          out.write(argument);
          out.write('\r');
          out.write('\n');
        }
      }
      out.flush();
      var replies = new ArrayList<Reply>(commands.size());
      for (int i = 0; i < commands.size(); i++) {
        replies.add(read());
      }
      return replies;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public Reply send(String... command) {
    var arguments = new byte[command.length][];
    for (int i = 0; i < command.length; i++) {
      arguments[i] = command[i].getBytes(ISO_8859_1);
    }
    return send(List.<byte[][]>of(arguments)).getFirst();
  }

  private Reply read() throws IOException {
    String line = readLine();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> new Reply.Status(rest);
      case '-' -> new Reply.Error(rest, false);
      case ':' -> Reply.of(Long.parseLong(rest));
      case '$' -> readBulk(Integer.parseInt(rest));
      case '*' -> readArray(Integer.parseInt(rest));
      default -> throw new IOException("Not RESP2: " + line);
    };
  }

  private Reply readBulk(int length) throws IOException {
    if (length < 0) {
      return Reply.NIL;
    }
    byte[] bytes = in.readNBytes(length);
    in.skipNBytes(2);
    return new Reply.Bulk(bytes);
  }

  private Reply readArray(int length) throws IOException {
    if (length < 0) {
      return Reply.NIL;
    }
    var items = new ArrayList<Reply>(length);
    for (int i = 0; i < length; i++) {
      items.add(read());
    }
    return new Reply.Array(items);
  }

  private String readLine() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.readUnsignedByte(); next != '\r'; next = in.readUnsignedByte()) {
      line.write(next);
    }
    in.skipNBytes(1);
    return line.toString(ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
