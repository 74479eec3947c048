import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;

/**
 * Answers cases with what the real classes of Kafka Connect do: one case a line on standard input, the same line with
 * its `result` on standard output. The form of a case is that of the recordings in test/conformance/vectors.
 */
public class Oracle {
    static final ObjectMapper json = JsonMapper.builder(unlimited()).enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** The limits of Jackson are for the cases, not for the lines they come in. */
    private static JsonFactory unlimited() {
        StreamReadConstraints reading = StreamReadConstraints.builder().maxNestingDepth(100_000).build();
        StreamWriteConstraints writing = StreamWriteConstraints.builder().maxNestingDepth(100_000).build();
        return JsonFactory.builder().streamReadConstraints(reading).streamWriteConstraints(writing).build();
    }

    /** What the step under way is called when it fails. */
    static String stage = "apply";

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            ObjectNode each = (ObjectNode) json.readTree(line);
            each.set("result", result(each));
            out.println(json.writeValueAsString(each));
            if (!in.ready()) out.flush();
        }
        out.flush();
    }

    static ObjectNode result(JsonNode each) {
        ObjectNode result = json.createObjectNode();
        stage = "apply";
        try {
            JsonNode output = Kinds.run(each);
            if (output == Kinds.DROPPED) result.put("dropped", true);
            else result.set("output", output);
        } catch (Throwable error) {
            result.set("error", error(error));
        }
        return result;
    }

    static ObjectNode error(Throwable thrown) {
        Throwable error = thrown instanceof InvocationTargetException ? thrown.getCause() : thrown;
        ObjectNode node = json.createObjectNode();
        node.put("stage", stage).put("class", error.getClass().getName()).put("message", error.getMessage());
        if (error.getCause() != null && error.getCause() != error) {
            node.putObject("cause").put("class", error.getCause().getClass().getName()).put("message", error.getCause().getMessage());
        }
        return node.put("portable", error.getClass().getName().startsWith("org.apache.kafka."));
    }
}

/** Tagged JSON to the objects of Connect and back. */
