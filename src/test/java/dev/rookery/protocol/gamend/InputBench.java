package dev.rookery.protocol.gamend;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures the validation of a request by the API document. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class InputBench {
  private static final Buffer DEVICE = Buffer.buffer("{\"device_id\":\"0123456789abcdef\"}");
  private static final Buffer LOBBY =
      Buffer.buffer(
          "{\"title\":\"Room\",\"max_users\":8,\"is_hidden\":false,"
              + "\"metadata\":{\"mode\":\"duel\",\"map\":\"dust\"}}");

  private final ApiDocument contract = ApiDocument.shared();
  private final Operation deviceLogin = operation("device_login");
  private final Operation createLobby = operation("create_lobby");
  private final Operation joinLobby = operation("join_lobby");
  private final Operation listLobbies = operation("list_lobbies");

  private Operation operation(String id) {
    return contract.operations().stream().filter(o -> o.id().equals(id)).findFirst().orElseThrow();
  }

  @Benchmark
  public Object joinLobby() {
    return Input.of(joinLobby, _ -> "12", Map.of(), Map.of());
  }

  @Benchmark
  public Object listLobbies() {
    return Input.of(
        listLobbies, _ -> null, Map.of(), Map.of("title", "Ro", "page", "2", "is_locked", "false"));
  }

  @Benchmark
  public Object deviceLogin() {
    return Input.of(
        deviceLogin,
        _ -> null,
        Params.fields(Json.read(DEVICE.getBytes()).orElseThrow().value()),
        Map.of());
  }

  @Benchmark
  public Object createLobby() {
    return Input.of(
        createLobby,
        _ -> null,
        Params.fields(Json.read(LOBBY.getBytes()).orElseThrow().value()),
        Map.of());
  }
}
