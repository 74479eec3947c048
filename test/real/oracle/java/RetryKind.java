import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.runtime.errors.ErrorHandlingMetrics;
import org.apache.kafka.connect.runtime.errors.Operation;
import org.apache.kafka.connect.runtime.errors.ProcessingContext;
import org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator;
import org.apache.kafka.connect.runtime.errors.Stage;
import org.apache.kafka.connect.runtime.errors.ToleranceType;

/** Several operations through one operator, each on a record of its own; waiting is what makes time go by. */
class RetryKind {
    private static final ObjectMapper json = Oracle.json;
    private static final Class<?>[] parameters =
        {long.class, long.class, ToleranceType.class, Time.class, ErrorHandlingMetrics.class, CountDownLatch.class};

    private final VirtualTime time = new VirtualTime();
    private final JsonNode input;
    private final String exception;

    private RetryKind(JsonNode input) {
        this.input = input;
        this.exception = input.path("exception").asText("org.apache.kafka.connect.errors.RetriableException");
    }

    static JsonNode run(JsonNode input) throws Exception {
        return new RetryKind(input).run();
    }

    @SuppressWarnings("unchecked")
    private JsonNode run() throws Exception {
        ToleranceType tolerance = ToleranceType.valueOf(input.get("tolerance").asText().toUpperCase(Locale.ROOT));
        RetryWithToleranceOperator<Object> operator = (RetryWithToleranceOperator<Object>) Internals.create(
            RetryWithToleranceOperator.class, parameters, input.get("timeoutMs").asLong(), input.get("delayMaxMs").asLong(),
            tolerance, time, new ErrorHandlingMetrics(WorkerKinds.task, WorkerKinds.metrics()), time);
        ObjectNode node = json.createObjectNode();
        ArrayNode operations = node.putArray("operations");
        ArrayNode reports = node.putArray("reports");
        operator.reporters(List.of(context -> {
            reports.add(context.stage() + ":" + context.error().getClass().getName() + ":attempt=" + context.attempt());
            return CompletableFuture.completedFuture(null);
        }));
        for (int i = 0; i < input.path("operations").asInt(1); i++) operations.add(operation(operator));
        return node;
    }

    private JsonNode operation(RetryWithToleranceOperator<Object> operator) {
        ProcessingContext<Object> context = new ProcessingContext<>(new Object());
        Stage stage = Stage.valueOf(input.get("stage").asText());
        ObjectNode node = json.createObjectNode();
        long start = time.now;
        int[] attempts = {0};
        time.waits.clear();
        Operation<String> attempt = () -> attempt(++attempts[0]);
        try {
            node.put("result", operator.execute(context, attempt, stage, Oracle.class));
        } catch (Exception error) {
            node.put("threw", error.getClass().getName()).put("message", error.getMessage());
            node.put("cause", error.getCause() == null ? null : error.getCause().getClass().getName());
        }
        node.put("failed", context.failed()).put("attempts", attempts[0]);
        node.set("waitsMs", json.valueToTree(time.waits));
        return node.put("elapsedMs", time.now - start).put("withinTolerance", operator.withinToleranceLimits());
    }

    private String attempt(int number) throws Exception {
        int failTimes = input.get("failTimes").asInt();
        time.now += input.path("opMs").asLong();
        if (failTimes >= 0 && number > failTimes) return "ok";
        throw (Exception) Class.forName(exception).getConstructor(String.class).newInstance("failure");
    }

    /** The latch the operator waits on for its stop, and the clock it reads. */
    private static class VirtualTime extends CountDownLatch implements Time {
        long now = 0;
        final List<Long> waits = new ArrayList<>();

        VirtualTime() {
            super(1);
        }

        @Override
        public boolean await(long timeout, TimeUnit unit) {
            waits.add(unit.toMillis(timeout));
            now += unit.toMillis(timeout);
            return false;
        }

        @Override
        public long milliseconds() {
            return now;
        }

        @Override
        public long nanoseconds() {
            return now * 1_000_000;
        }

        @Override
        public void sleep(long ms) {
            now += ms;
        }

        @Override
        public void waitObject(Object object, Supplier<Boolean> condition, long deadline) {
            throw new UnsupportedOperationException();
        }
    }
}
