-- For wrk: ask for the paths that follow the address on its command line, one after the other.

local paths, at = {}, 0

function init(arguments)
   for number = 1, #arguments do -- the address itself is number 0
      paths[number] = arguments[number]
   end
end

function request()
   at = at % #paths + 1
   return wrk.format("GET", paths[at])
end
