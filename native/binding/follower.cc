#include "binding/follower.h"

#include "binding/core/conversions.h"
#include "binding/core/environment.h"
#include "binding/core/errors.h"
#include "binding/core/mailbox.h"

namespace h5tracks::binding {

namespace {

// Which rows of which stream to read, and where to: (stream, first, count, one typed array per column).
struct Request {
  explicit Request(const Napi::CallbackInfo& info)
      : stream(info[0].As<Napi::Number>().Uint32Value()),
        first(static_cast<std::uint64_t>(info[1].As<Napi::Number>().Int64Value())),
        count(static_cast<std::uint64_t>(info[2].As<Napi::Number>().Int64Value())),
        arrays(info[3].As<Napi::Array>()) {
    for (std::uint32_t i = 0; i < arrays.Length(); ++i) {
      const auto array = arrays.Get(i).As<Napi::TypedArray>();
      out.push_back(static_cast<unsigned char*>(array.ArrayBuffer().Data()) + array.ByteOffset());
    }
  }

  std::size_t stream;
  std::uint64_t first, count;
  Napi::Array arrays;
  stream::Follower::Out out;
};

Napi::Object to_js(Napi::Env env, const journal::StreamReader& stream) {
  auto columns = Napi::Array::New(env);
  for (const auto& column : stream.columns()) {
    auto described = Napi::Object::New(env);
    described["path"] = column.path;
    described["rowValues"] = static_cast<double>(column.row_values);
    described["elementBytes"] = static_cast<double>(column.element_bytes);
    columns[columns.Length()] = described;
  }
  auto object = Napi::Object::New(env);
  object["columns"] = columns;
  object["blockRows"] = static_cast<double>(stream.rows());
  return object;
}

}  // namespace

Napi::Function Follower::define(Napi::Env env) {
  return DefineClass(env, "Follower",
                     {InstanceMethod<&Follower::look>("look"), InstanceMethod<&Follower::skeleton>("skeleton"),
                      InstanceMethod<&Follower::copy>("copy"), InstanceMethod<&Follower::load>("load"),
                      InstanceMethod<&Follower::close>("close")});
}

Follower::Follower(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  const std::string path = info[0].As<Napi::String>();
  follower_ = guarded(env, path, [&] {
    auto follower = stream::Follower::open(path);
    if (!follower) throw Error("ENOENT", "there is no journal beside '" + path + "'");
    return follower;
  });
  auto streams = Napi::Array::New(env);
  for (const auto& stream : follower_->streams()) streams[streams.Length()] = to_js(env, stream);
  info.This().As<Napi::Object>()["streams"] = streams;
}

std::shared_ptr<stream::Follower> Follower::opened(Napi::Env env) const {
  if (!follower_) throw_js(env, Error("ERR_CLOSED", "the follower is closed"));
  return follower_;
}

Napi::Value Follower::look(const Napi::CallbackInfo& info) {
  const auto now = opened(info.Env())->look();
  auto object = Napi::Object::New(info.Env());
  auto rows = Napi::Array::New(info.Env());
  for (const std::uint64_t count : now.rows) rows[rows.Length()] = static_cast<double>(count);
  object["rows"] = rows;
  object["closed"] = now.closed;
  object["alive"] = now.alive;
  return object;
}

Napi::Value Follower::skeleton(const Napi::CallbackInfo& info) {
  const auto follower = opened(info.Env());
  const auto bytes = guarded(info.Env(), follower->path, [&] { return follower->skeleton(); });
  return Napi::Buffer<unsigned char>::Copy(info.Env(), bytes.data(), bytes.size());
}

Napi::Value Follower::copy(const Napi::CallbackInfo& info) {
  const Request request(info);
  const bool done = opened(info.Env())->copy(request.stream, request.first, request.count, request.out);
  return Napi::Boolean::New(info.Env(), done);
}

Napi::Value Follower::load(const Napi::CallbackInfo& info) {
  const Request request(info);
  const auto follower = opened(info.Env());
  const auto run = [follower, stream = request.stream, first = request.first, count = request.count,
                    out = request.out](stream::Done done) {
    std::optional<Error> failure;
    try {
      follower->load(stream, first, count, out);
    } catch (Error& error) {
      error.name_file(follower->path);
      failure = error;
    } catch (const std::bad_alloc&) {
      failure = Error("ENOMEM", "not enough memory to follow");
    }
    done(failure);
  };
  return Environment::of(info.Env()).mailbox->promise(info.Env(), request.arrays, [&](stream::Done done) {
    stream::EncodePool::instance().post(lane_, {[run, done] { run(done); }});
  });
}

void Follower::close(const Napi::CallbackInfo&) { follower_.reset(); }

}  // namespace h5tracks::binding
